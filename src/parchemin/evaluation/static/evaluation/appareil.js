// Cet appareil et la personne : ouvrir son coffre, y ranger, y lire. Le seul endroit où la base et le chiffre se rencontrent.
// Ce qui ne sert qu'à préparer sa journée, ou à se déconnecter : `preparation.js`.

import { chiffrer, dechiffrer, envelopper, nouveauCoffre, ouvrir, secretDOnglet } from "./coffre.js";
import * as reserve from "./reserve.js";

export const cleDOnglet = (personne) => `parchemin-onglet ${personne}`;

// Rend le coffre ouvert de cette personne ; `nom` est celui que l'on montrera pour le rouvrir. `secrets` : ceux que la page a
// reçus du serveur, qui rouvrent toujours ; à défaut, le jeton CSRF (`jeton`) sert à les lui demander.
// Rend `null` s'il faut son code : ni l'onglet ni le serveur ne l'ouvrent. Un onglet à la fois : deux coffres neufs, pour une
// même personne, et l'un des deux ne se rouvrirait plus.
export function ouvrirLeCoffre(personne, options = {}) {
  const seul = () => ouvrirSeul(personne, options);
  return navigator.locks ? navigator.locks.request(`parchemin-coffre ${personne}`, seul) : seul();
}

async function ouvrirSeul(personne, { jeton, nom, code, secrets }) {
  const connecte = jeton !== undefined;
  const connue = await reserve.lire("coffres", personne);
  if (!connue && !connecte) return null;
  const neuf = connue ? null : await nouveauCoffre();
  const ligne = connue ?? { personne, nom, rangement: neuf.rangement };
  const { rangement } = ligne;
  const onglet = lireOnglet(personne);
  const duServeur = async () => (secrets ??= await (await import("./secrets.js")).demanderLesSecrets(jeton)).map(octetsDe);

  let ouvert = neuf ?? (onglet && (await ouvrir(rangement, "onglet", onglet)));
  if (code !== undefined) ouvert ??= await ouvrir(rangement, "code", code);
  if (!ouvert && connecte) for (const secret of await duServeur()) ouvert ??= await ouvrir(rangement, "serveur", secret);
  if (!ouvert) return null;

  const { brut, cle } = ouvert;
  const poserEnveloppe = async (quoi, secret) => {
    await envelopper(rangement, brut, quoi, secret);
    await reserve.ranger("coffres", ligne);
  };
  // Avant le premier geste : l'onglet mort, seule l'enveloppe du serveur (ou le code) rouvre.
  const [secret] = connecte && !rangement.enveloppes.serveur ? await duServeur() : [];
  if (secret) await poserEnveloppe("serveur", secret);
  if (!onglet) await poserEnveloppe("onglet", noterOnglet(personne));
  const chiffree = async (epreuve, contenu, plus) => ({ personne, epreuve, ...plus, ...(await chiffrer(cle, contenu)) });
  return {
    personne,
    cle,
    rangement,
    poserLeCode: (neuf) => poserEnveloppe("code", neuf),
    ranger: async (epreuve, fait, refus = null) =>
      reserve.ranger("gestes", await chiffree(epreuve, { fait, refus }, { id: fait.id })),
    // Tous les gestes gardés pour une épreuve, dans l'ordre où ils ont été faits : `{ fait, refus }`.
    lire: async (epreuve) => {
      const lignes = await reserve.tous("gestes", reserve.sous(personne, epreuve));
      return dansLOrdre(await Promise.all(lignes.map((une) => dechiffrer(cle, une))));
    },
    oter: (epreuve, faits) => reserve.oter("gestes", faits.map(({ id }) => [personne, epreuve, id])),
    garderPage: async (epreuve, contenu) => reserve.ranger("pages", await chiffree(epreuve, contenu)),
    lirePage: async (epreuve) => {
      const gardee = await reserve.lire("pages", [personne, epreuve]);
      return gardee ? dechiffrer(cle, gardee) : null;
    },
  };
}

// Un geste vient après tous ceux qu'il avait vus ; l'heure, qui peut mentir, ne range que ceux qui ne se connaissaient pas.
export function dansLOrdre(lus) {
  const ranges = new Set();
  const enCours = new Set();
  const ranger = (ligne) => {
    if (enCours.has(ligne)) return;
    enCours.add(ligne);
    const { appareil, rang, vus } = ligne.fait;
    const connus = { ...vus, [appareil]: rang - 1 };
    for (const autre of lus) if (autre.fait.rang <= (connus[autre.fait.appareil] ?? 0)) ranger(autre);
    ranges.add(ligne);
  };
  lus.sort(({ fait: un }, { fait: deux }) => un.monotone_ms - deux.monotone_ms || un.rang - deux.rang).forEach(ranger);
  return [...ranges];
}

const octetsDe = (texte) => Uint8Array.from(atob(texte), (signe) => signe.charCodeAt(0));

// Le secret de l'onglet meurt avec lui. Un stockage refusé n'empêche rien : le serveur ou le code rouvriront.
function lireOnglet(personne) {
  try {
    return Uint8Array.from(sessionStorage.getItem(cleDOnglet(personne)).split(","), Number);
  } catch {
    return null;
  }
}

function noterOnglet(personne) {
  const secret = secretDOnglet();
  try {
    sessionStorage.setItem(cleDOnglet(personne), secret.join(","));
  } catch {
    // voir plus haut
  }
  return secret;
}
