// Cet appareil et la personne : ouvrir son coffre, y ranger, y lire. Le seul endroit où la base et le chiffre se rencontrent.

import { chiffrer, dechiffrer, envelopper, nouveauCoffre, ouvrir, secretDOnglet } from "./coffre.js";
import * as reserve from "./reserve.js";

const ONGLET = "parchemin-onglet";
export const ADRESSE_DE_LA_CLE = "/hors-ligne/cle/";

// Rend le coffre ouvert de cette personne ; `nom` est celui que l'on montrera pour le rouvrir. `jeton` : le jeton CSRF, pour demander au serveur le secret qui rouvre toujours.
// Rend `null` s'il faut son code : ni l'onglet ni le serveur ne l'ouvrent.
export async function ouvrirLeCoffre(personne, { jeton, nom, code } = {}) {
  const ligne = await reserve.coffre(personne);
  if (!ligne) return jeton === undefined ? null : creer(personne, nom, jeton);
  const onglet = lireOnglet(personne);
  let ouvert = onglet && (await ouvrir(ligne.rangement, "onglet", onglet));
  if (!ouvert && code !== undefined) ouvert = await ouvrir(ligne.rangement, "code", code);
  if (!ouvert && jeton !== undefined) {
    for (const secret of (await demanderAuServeur(jeton)) ?? []) ouvert ||= await ouvrir(ligne.rangement, "serveur", secret);
  }
  if (!ouvert) return null;
  if (jeton !== undefined && !ligne.rangement.enveloppes.serveur) confierAuServeur(ligne, ouvert.brut, jeton);
  return ouvrirPour(ligne, ouvert);
}

async function creer(personne, nom, jeton) {
  const { rangement, brut, cle } = await nouveauCoffre();
  const ligne = { personne, nom, rangement };
  const ouvert = await ouvrirPour(ligne, { brut, cle });
  confierAuServeur(ligne, brut, jeton);
  return ouvert;
}

// Sans attendre : l'onglet suffit déjà. Sans réponse, on redemandera à la prochaine page.
async function confierAuServeur(ligne, brut, jeton) {
  const secrets = await demanderAuServeur(jeton);
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
      const lus = await Promise.all(lignes.map((une) => dechiffrer(cle, une)));
      return lus.sort((un, deux) => un.fait.monotone_ms - deux.fait.monotone_ms || un.fait.rang - deux.fait.rang);
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
    return secrets.map((texte) => Uint8Array.from(atob(texte), (signe) => signe.charCodeAt(0)));
  } catch {
    return null;
  }
}

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
