// Ce que les autres pages demandent au coffre : compter ce qui attend, lister ce qui est prêt, oublier, se déconnecter.

import { ONGLET, verrou } from "./appareil.js";
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

const pagesDe = (personne) => reserve.tous("pages", reserve.sous(personne));

export async function pages({ personne, cle }) {
  const lignes = await pagesDe(personne);
  return Promise.all(lignes.map(async (une) => ({ epreuve: une.epreuve, ...(await dechiffrer(cle, une)) })));
}

export const oterPage = ({ personne }, epreuve) => reserve.oter("pages", [[personne, epreuve]]);

// À la déconnexion : plus rien ici n'ouvre le coffre de cette personne, sinon le serveur (elle-même, reconnectée) ou son code, et
// ses grilles s'oublient. Un coffre vide s'oublie aussi, de qui qu'il soit ; mais jamais sous un onglet qui note encore, car son
// prochain geste ne se lirait plus. Rend vrai si cet appareil ne garde plus rien : le verrou est alors tenu jusqu'à ce que la page
// s'en aille, et nul n'ouvre ce que le navigateur efface.
export async function refermer(personne) {
  try {
    sessionStorage.removeItem(ONGLET);
  } catch {}
  await reserve.travailler("pages", "readwrite", (dans) => dans("pages").delete(reserve.sous(personne)));
  if (!navigator.locks) return false;
  return new Promise((oui, non) => {
    const seul = async () => {
      const vide = !(await uneGrilleEstOuverte(personne)) && (await oublierLesVides());
      oui(vide);
      if (vide) await new Promise(() => {});
    };
    navigator.locks.request(verrou(personne), { signal: AbortSignal.timeout(3_000) }, seul).catch(non);
  });
}

// Chaque file tient le verrou de son appareil (`envoi.js`) jusqu'à la fin de sa page. Les nôtres s'en vont avec nous.
async function uneGrilleEstOuverte(personne) {
  const { held, pending } = await navigator.locks.query();
  const nous = held.find(({ name }) => name === verrou(personne)).clientId;
  return [...held, ...pending].some(({ name, clientId }) => clientId !== nous && name.startsWith("parchemin-appareil "));
}

async function oublierLesVides() {
  const lignes = await coffres();
  const gardes = await Promise.all(
    lignes.map(async ({ personne }) => (await gestesDe(personne)).length + (await pagesDe(personne)).length),
  );
  await reserve.oter("coffres", lignes.filter((_, rang) => !gardes[rang]).map(({ personne }) => personne));
  return !gardes.some(Boolean);
}

// Ce que le serveur vient de recevoir d'une grille qui n'est pas à l'écran : sa page gardée l'apprend avant que la file ne l'oublie.
export async function apprendre(coffre, epreuve, recus) {
  const gardee = await coffre?.lirePage(epreuve).catch(() => null);
  if (!gardee) return;
  const vus = { ...gardee.vus };
  for (const { appareil, rang } of recus) vus[appareil] = Math.max(rang, vus[appareil] ?? 0);
  await coffre.garderPage(epreuve, { ...gardee, recus: [...gardee.recus, ...recus], vus }).catch(() => {});
}
