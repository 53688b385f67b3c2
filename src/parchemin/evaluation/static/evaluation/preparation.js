// Ce que les autres pages demandent au coffre : compter ce qui attend, lister ce qui est prêt, le tenir, oublier, se déconnecter.

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
  const lues = await Promise.allSettled(lignes.map(async (une) => ({ epreuve: une.epreuve, ...(await dechiffrer(cle, une)) })));
  return lues.flatMap(({ value }) => value ?? []); // une page illisible n'en cache pas d'autre
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
      const vide = !(await tenuAilleurs(personne, uneGrille)) && (await oublierLesVides());
      oui(vide);
      if (vide) await new Promise(() => {});
    };
    navigator.locks.request(verrou(personne), { signal: AbortSignal.timeout(3_000) }, seul).catch(non);
  });
}

// Un coffre que ni le serveur ni un code n'ouvrent meurt avec l'onglet qui l'a fait (le serveur n'a pas répondu à temps). S'il ne garde aucun
// geste, et que nul onglet ne le tient plus, il s'oublie, avec ses grilles que rien ne lirait. Rend vrai si c'est fait.
export async function oublierLePerdu({ personne, rangement: { enveloppes } }) {
  if (enveloppes.serveur || enveloppes.code || !navigator.locks || (await gestesDe(personne)).length) return false;
  if (await tenuAilleurs(personne, (nom) => uneGrille(nom) || nom === fragile(personne))) return false;
  await reserve.travailler(["coffres", "pages"], "readwrite", (dans) => {
    dans("coffres").delete(personne);
    dans("pages").delete(reserve.sous(personne));
  });
  return true;
}

// Tant que cette page vit, nul n'oublie un coffre qu'elle seule rouvre.
export function tenir({ personne, rangement: { enveloppes } }) {
  if (!enveloppes.serveur) navigator.locks?.request(fragile(personne), () => new Promise(() => {}));
}

const fragile = (personne) => `parchemin-fragile ${personne}`;

// Chaque file tient le verrou de son appareil (`envoi.js`) jusqu'à la fin de sa page.
const uneGrille = (nom) => nom.startsWith("parchemin-appareil ");

// Sous le verrou de cette personne. Nos verrous s'en vont avec nous.
async function tenuAilleurs(personne, compte) {
  const { held, pending } = await navigator.locks.query();
  const nous = held.find(({ name }) => name === verrou(personne)).clientId;
  return [...held, ...pending].some(({ name, clientId }) => clientId !== nous && compte(name));
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
