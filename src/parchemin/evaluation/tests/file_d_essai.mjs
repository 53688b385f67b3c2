// Ce qu'il faut à un essai de la file, sans navigateur : un coffre en mémoire, un serveur qui suit un scénario, une file.

import assert from "node:assert/strict";

import { ouvrirFile } from "../static/evaluation/envoi.js";

export const MOI = "00000000-0000-4000-8000-00000000000a";
export const EPREUVE = "00000000-0000-4000-8000-00000000000e";
export const CONTEXTE = { remplace: null, vus: {}, norme: "n" };

export function viderLOnglet() {
  const memoire = new Map();
  globalThis.sessionStorage = {
    getItem: (cle) => memoire.get(cle) ?? null,
    setItem: (cle, valeur) => memoire.set(cle, valeur),
    removeItem: (cle) => memoire.delete(cle),
  };
}

// Un coffre en mémoire. `plein` : rien ne s'y range.
export function unCoffre(lignes = new Map(), { plein = false } = {}) {
  return {
    lignes,
    ranger: async (_epreuve, fait, refus = null) => {
      if (plein) throw new Error("plein");
      lignes.set(fait.id, structuredClone({ fait, refus }));
    },
    lire: async () => [...lignes.values()],
    oter: async (_epreuve, faits) => faits.forEach(({ id }) => lignes.delete(id)),
  };
}

// Un serveur qui garde les faits par identifiant, et suit un scénario : `reponse(numero, lot)` peut perdre, refuser, se taire.
export function unServeur(scenario = () => null) {
  const recus = new Map();
  let numero = 0;
  globalThis.fetch = async (adresse, { body }) => {
    numero += 1;
    const corps = JSON.parse(body);
    if (adresse.endsWith("abandons")) {
      recus.abandons = [...(recus.abandons ?? []), ...corps.abandons];
      return new Response(JSON.stringify({ abandonnes: corps.abandons.length }));
    }
    const force = scenario(numero, corps.faits);
    if (force === "coupe-avant") throw new TypeError("réseau");
    if (force instanceof Response) return force;
    const reponses = corps.faits.map((fait) => {
      const refus = force?.[fait.cible];
      if (refus) return { id: fait.id, etat: "refusee", ...refus };
      const deja = recus.has(fait.id);
      recus.set(fait.id, fait);
      return { id: fait.id, etat: deja ? "deja_recue" : "acceptee" };
    });
    if (force === "coupe-apres") throw new TypeError("réseau");
    return new Response(JSON.stringify({ reponses }));
  };
  return recus;
}

export function uneFile(coffre, rangConnu = () => 0) {
  const dits = { refus: [], etats: [], gardes: [], recus: [] };
  const file = ouvrirFile({
    adresse: `/epreuves/${EPREUVE}/faits`,
    personne: MOI,
    epreuve: EPREUVE,
    coffre: Promise.resolve(coffre),
    rangConnu,
    jeton: () => "jeton",
    nouvelles: {
      etat: (etat) => dits.etats.push(etat),
      gardes: (faits) => dits.gardes.push(...faits),
      recus: (faits) => dits.recus.push(...faits.map(({ id }) => [id, coffre?.lignes.has(id)])),
      refus: (fait, refus) => dits.refus.push([fait.cible, refus?.code]),
      vide: () => {},
      jetonPerime: () => "reconnectez-vous",
    },
  });
  return { file, dits };
}

export async function jusqua(vrai, essais = 400) {
  for (let i = 0; i < essais; i += 1) {
    if (vrai()) return;
    await new Promise((suite) => setTimeout(suite, 10));
  }
  assert.fail("jamais");
}
