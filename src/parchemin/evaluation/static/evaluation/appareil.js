// Cet appareil et la personne : ouvrir son coffre, y ranger, y lire. Le seul endroit où la base et le chiffre se rencontrent.

import { chiffrer, dechiffrer, envelopper, nouveauCoffre, ouvrir, secretDOnglet } from "./coffre.js";
import * as reserve from "./reserve.js";

export const cleDOnglet = (personne) => `parchemin-onglet ${personne}`;

// Rend le coffre ouvert de cette personne, ou `null` s'il faut son code. `nom` est celui que l'on montrera pour le rouvrir ;
// `secrets`, ceux que la page a reçus du serveur : à défaut, `jeton` (CSRF) sert à les lui demander. Un onglet à la fois : de
// deux coffres neufs pour une même personne, l'un ne se rouvrirait plus.
export function ouvrirLeCoffre(personne, options = {}) {
  const seul = () => ouvrirSeul(personne, options);
  const patience = { signal: AbortSignal.timeout(5_000) };
  return navigator.locks ? navigator.locks.request(`parchemin-coffre ${personne}`, patience, seul).catch(seul) : seul();
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

  const parOnglet = onglet && (await ouvrir(rangement, "onglet", onglet));
  let ouvert = neuf ?? parOnglet;
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
  if (!parOnglet) await poserEnveloppe("onglet", onglet ?? noterOnglet(personne));
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
      const fermes = await reserve.tous("gestes", reserve.sous(personne, epreuve));
      const essais = await Promise.allSettled(fermes.map((un) => dechiffrer(cle, un)));
      const lus = essais.flatMap(({ value }) => value ?? []); // une ligne illisible n'en cache pas d'autre
      return lus.length > 1 ? (await import("./ordre.js")).dansLOrdre(lus) : lus;
    },
    oter: (epreuve, faits) => reserve.oter("gestes", faits.map(({ id }) => [personne, epreuve, id])),
    garderPage: async (epreuve, contenu) => reserve.ranger("pages", await chiffree(epreuve, contenu)),
    lirePage: async (epreuve) => {
      const gardee = await reserve.lire("pages", [personne, epreuve]);
      return gardee && dechiffrer(cle, gardee);
    },
  };
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
  } catch {}
  return secret;
}
