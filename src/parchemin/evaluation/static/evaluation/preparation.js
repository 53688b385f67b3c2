// Ce que les autres pages demandent au coffre : compter ce qui attend, lister ce qui est prêt, oublier, se déconnecter.

import { cleDOnglet } from "./appareil.js";
import { dechiffrer } from "./coffre.js";
import * as reserve from "./reserve.js";

export const coffres = () => reserve.tous("coffres");
export const gestesDe = (personne) => reserve.tous("gestes", reserve.sous(personne));
export const aUnCode = ({ rangement }) => Boolean(rangement.enveloppes.code);

// Combien de gestes attendent ici, par épreuve.
export async function compter({ personne }) {
  const comptes = {};
  for (const { epreuve } of await gestesDe(personne)) comptes[epreuve] = (comptes[epreuve] ?? 0) + 1;
  return comptes;
}

export async function pages({ personne, cle }) {
  const lignes = await reserve.tous("pages", reserve.sous(personne));
  return Promise.all(lignes.map(async (une) => ({ epreuve: une.epreuve, ...(await dechiffrer(cle, une)) })));
}

export const oterPage = ({ personne }, epreuve) => reserve.oter("pages", [[personne, epreuve]]);

// À la déconnexion : plus rien ici n'ouvre le coffre, sinon le serveur (la même personne, reconnectée) ou son code. Ses grilles
// s'oublient toujours ; son coffre, seulement s'il ne garde plus rien.
export async function refermer(personne) {
  sessionStorage.removeItem(cleDOnglet(personne));
  const restants = await gestesDe(personne);
  await reserve.travailler(["coffres", "pages"], "readwrite", (dans) => {
    dans("pages").delete(reserve.sous(personne));
    if (!restants.length) dans("coffres").delete(personne);
  });
  return restants.length;
}

// Ce que le serveur vient de recevoir d'une grille qui n'est pas à l'écran : sa page gardée l'apprend avant que la file ne l'oublie.
export async function apprendre(coffre, epreuve, recus) {
  const gardee = await coffre?.lirePage(epreuve).catch(() => null);
  if (!gardee) return;
  const vus = { ...gardee.vus };
  for (const { appareil, rang } of recus) vus[appareil] = Math.max(rang, vus[appareil] ?? 0);
  await coffre.garderPage(epreuve, { ...gardee, recus: [...gardee.recus, ...recus], vus }).catch(() => {});
}
