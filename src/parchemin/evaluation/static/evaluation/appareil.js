// Cet appareil et la personne : ouvrir son coffre, y ranger, y lire. Le seul endroit où la base et le chiffre se rencontrent.

import { chiffrer, dechiffrer, envelopper, nouveauCoffre, ouvrir, secretDOnglet } from "./coffre.js";
import * as reserve from "./reserve.js";

const ONGLET = "parchemin-onglet";
export const ADRESSE_DE_LA_CLE = "/hors-ligne/cle/";

// Rend le coffre ouvert de cette personne ; `nom` est celui que l'on montrera pour le rouvrir. `secrets` : ceux que la page a
// reçus du serveur, qui rouvrent toujours ; à défaut, le jeton CSRF (`jeton`) sert à les lui demander.
// Rend `null` s'il faut son code : ni l'onglet ni le serveur ne l'ouvrent.
export async function ouvrirLeCoffre(personne, { jeton, nom, code, secrets } = {}) {
  const recus = secrets?.map(octetsDe);
  const ligne = await reserve.coffre(personne);
  if (!ligne) return jeton === undefined ? null : creer(personne, nom, jeton, recus);
  const onglet = lireOnglet(personne);
  let ouvert = onglet && (await ouvrir(ligne.rangement, "onglet", onglet));
  if (!ouvert && code !== undefined) ouvert = await ouvrir(ligne.rangement, "code", code);
  if (!ouvert && jeton !== undefined) {
    for (const secret of recus ?? (await demanderAuServeur(jeton)) ?? []) ouvert ||= await ouvrir(ligne.rangement, "serveur", secret);
  }
  if (!ouvert) return null;
  if (jeton !== undefined && !ligne.rangement.enveloppes.serveur) await confierAuServeur(ligne, ouvert.brut, jeton, recus);
  return ouvrirPour(ligne, ouvert);
}

// Un geste vient après tous ceux qu'il avait vus ; l'heure, qui peut mentir, ne range que ceux qui ne se connaissaient pas.
export function dansLOrdre(lus) {
  const ranges = [];
  const dits = new Set();
  const ranger = (ligne) => {
    if (dits.has(ligne)) return;
    dits.add(ligne);
    const connus = { ...ligne.fait.vus, [ligne.fait.appareil]: ligne.fait.rang - 1 };
    for (const autre of lus) if (autre.fait.rang <= (connus[autre.fait.appareil] ?? 0)) ranger(autre);
    ranges.push(ligne);
  };
  lus.sort((un, deux) => un.fait.monotone_ms - deux.fait.monotone_ms || un.fait.rang - deux.fait.rang).forEach(ranger);
  return ranges;
}

async function creer(personne, nom, jeton, recus) {
  const { rangement, brut, cle } = await nouveauCoffre();
  const ligne = { personne, nom, rangement };
  await confierAuServeur(ligne, brut, jeton, recus);
  return ouvrirPour(ligne, { brut, cle });
}

// Avant le premier geste : l'onglet mort, seule cette enveloppe (ou le code) rouvre. Sans réponse, on redemandera à la
// prochaine page.
async function confierAuServeur(ligne, brut, jeton, recus) {
  const secrets = recus ?? (await demanderAuServeur(jeton));
  if (!secrets) return;
  await envelopper(ligne.rangement, brut, "serveur", secrets[0]);
  await reserve.rangerCoffre(ligne);
}

async function ouvrirPour(ligne, { brut, cle }) {
  const { personne } = ligne;
  if (!lireOnglet(personne)) {
    const secret = secretDOnglet();
    await envelopper(ligne.rangement, brut, "onglet", secret);
    noterOnglet(personne, secret);
  }
  await reserve.rangerCoffre(ligne);
  return {
    personne,
    aUnCode: Boolean(ligne.rangement.enveloppes.code),
    poserLeCode: async (code) => {
      await envelopper(ligne.rangement, brut, "code", code);
      await reserve.rangerCoffre(ligne);
    },
    ranger: async (epreuve, fait, refus = null) => {
      const ferme = await chiffrer(cle, { fait, refus });
      await reserve.rangerGeste({ personne, epreuve, id: fait.id, ...ferme });
    },
    // Tous les gestes gardés pour une épreuve, dans l'ordre où ils ont été faits : `{ fait, refus }`.
    lire: async (epreuve) => {
      const lignes = await reserve.gestes(personne, epreuve);
      return dansLOrdre(await Promise.all(lignes.map((une) => dechiffrer(cle, une))));
    },
    oter: (epreuve, faits) => reserve.oterGestes(faits.map(({ id }) => [personne, epreuve, id])),
    compter: async () => {
      const comptes = {};
      for (const { epreuve } of await reserve.gestesDe(personne)) comptes[epreuve] = (comptes[epreuve] ?? 0) + 1;
      return comptes;
    },
    garderPage: async (epreuve, contenu) => reserve.rangerPage({ personne, epreuve, ...(await chiffrer(cle, contenu)) }),
    lirePage: async (epreuve) => {
      const ligne = await reserve.page(personne, epreuve);
      return ligne ? dechiffrer(cle, ligne) : null;
    },
    pages: async () => {
      const lignes = await reserve.pages(personne);
      return Promise.all(lignes.map(async (une) => ({ epreuve: une.epreuve, ...(await dechiffrer(cle, une)) })));
    },
    oterPage: (epreuve) => reserve.oterPage(personne, epreuve),
  };
}

// Les secrets du serveur, le plus récent d'abord (des octets), ou `null` sans réponse : on fera sans, et l'on redemandera.
async function demanderAuServeur(jeton) {
  try {
    const reponse = await fetch(ADRESSE_DE_LA_CLE, {
      method: "POST",
      headers: { "X-CSRFToken": jeton },
      redirect: "manual",
      signal: AbortSignal.timeout(10_000),
    });
    if (!reponse.ok) return null;
    const { secrets } = await reponse.json();
    return secrets.map(octetsDe);
  } catch {
    return null;
  }
}

const octetsDe = (texte) => Uint8Array.from(atob(texte), (signe) => signe.charCodeAt(0));

// Le secret de l'onglet : il meurt avec lui. Un stockage refusé n'empêche rien : on redemandera au serveur.
function lireOnglet(personne) {
  try {
    const texte = sessionStorage.getItem(`${ONGLET} ${personne}`);
    return texte && Uint8Array.from(texte.split(","), Number);
  } catch {
    return null;
  }
}

function noterOnglet(personne, secret) {
  try {
    sessionStorage.setItem(`${ONGLET} ${personne}`, secret.join(","));
  } catch {
    // sans mémoire d'onglet, le serveur ou le code rouvriront
  }
}

// À la déconnexion : plus rien ici n'ouvre le coffre, sinon le serveur (la même personne, reconnectée) ou son code.
export async function refermer(personne) {
  sessionStorage.removeItem(`${ONGLET} ${personne}`);
  const restants = await reserve.gestesDe(personne);
  await reserve.oublier(personne, { toutEstEnvoye: !restants.length });
  return restants.length;
}
