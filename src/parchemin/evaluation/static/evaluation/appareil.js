// Ouvrir le coffre d'une personne, y ranger, y lire : le seul endroit où la base et le chiffre se rencontrent.

import { chiffrer, dechiffrer, envelopper, nouveauCoffre, ouvrir, secretDOnglet } from "./coffre.js";
import * as reserve from "./reserve.js";

export const ONGLET = "parchemin-onglet";
export const verrou = (personne) => `parchemin-coffre ${personne}`;

// Rend le coffre, ou `null` s'il faut un code. `nom` se montrera pour le rouvrir ; `secrets` sont ceux du serveur (à défaut,
// `jeton` les lui demande). Sous un verrou : de deux coffres neufs, l'un ne se rouvrirait plus ; et une déconnexion efface.
export async function ouvrirLeCoffre(personne, options = {}) {
  const seul = () => ouvrirSeul(personne, options);
  const patience = { signal: AbortSignal.timeout(15_000) };
  return navigator.locks ? navigator.locks.request(verrou(personne), patience, seul) : seul();
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
  if (!ouvert) return connecte && (await (await import("./preparation.js")).oublierLePerdu(connue)) ? ouvrirSeul(personne, { jeton, nom, secrets }) : null;

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
    // Effacé entre-temps, le coffre revient avec le geste, qui sans lui ne se lirait plus.
    ranger: async (epreuve, fait, refus = null) => {
      const ferme = await chiffree(epreuve, { fait, refus }, { id: fait.id });
      await reserve.travailler(["coffres", "gestes"], "readwrite", (dans) => {
        dans("coffres").count(personne).onsuccess = ({ target }) => target.result || dans("coffres").put(ligne);
        dans("gestes").put(ferme);
      });
    },
    // Dans l'ordre où ils ont été faits : `{ fait, refus }`.
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

// Ce secret meurt avec l'onglet, ou quand une autre personne s'y connecte ; le serveur ou le code rouvriront.
function lireOnglet(personne) {
  try {
    const [qui, ...secret] = sessionStorage.getItem(ONGLET).split(",");
    return qui === personne ? Uint8Array.from(secret, Number) : null;
  } catch {
    return null;
  }
}

function noterOnglet(personne) {
  const secret = secretDOnglet();
  try {
    sessionStorage.setItem(ONGLET, [personne, ...secret]);
  } catch {}
  return secret;
}
