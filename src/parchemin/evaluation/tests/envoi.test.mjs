// La file d'envoi, sans navigateur : un serveur qui perd, répète, refuse ou se tait, un coffre qui déborde.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { vider } from "../static/evaluation/depart.js";
import { phraseDEtat } from "../static/evaluation/envoi.js";
import { dansLOrdre } from "../static/evaluation/ordre.js";
import { abandonner } from "../static/evaluation/refus.js";
import { CONTEXTE, EPREUVE, jusqua, MOI, unCoffre, uneFile, unServeur, viderLOnglet } from "./file_d_essai.mjs";

beforeEach(viderLOnglet);

test("une réponse perdue ne perd ni ne double le geste, et le coffre se vide", async () => {
  const recus = unServeur((numero) => (numero === 1 ? "coupe-apres" : null));
  const coffre = unCoffre();
  const { file, dits } = uneFile(coffre);
  const { id } = file.poser("critere:K1.1.1", "valide", CONTEXTE);
  await jusqua(() => !file.enAttente() && !coffre.lignes.size);
  assert.deepEqual([...recus.keys()], [id]);
  assert.deepEqual(dits.recus, [[id, true]]); // dit reçu avant d'être oublié
});

test("cent suites de pannes tirées au sort : tout arrive, une fois, dans l'ordre des rangs", async () => {
  let graine = 20261124;
  const hasard = (n) => (graine = (graine * 1103515245 + 12345) % 2 ** 31) % n;
  for (let suite = 0; suite < 100; suite += 1) {
    const pannes = Array.from({ length: 3 }, () => ["coupe-avant", "coupe-apres", null][hasard(3)]);
    const recus = unServeur((numero) => pannes[numero - 1] ?? null);
    const coffre = unCoffre();
    const { file } = uneFile(coffre);
    const poses = Array.from({ length: 1 + hasard(5) }, (_, i) => file.poser(`critere:K${i}`, "valide", CONTEXTE).id);
    for (let i = 0; i < 6 && file.enAttente(); i += 1) {
      await new Promise((fin) => setTimeout(fin, 2));
      file.envoyer();
    }
    await jusqua(() => !file.enAttente() && !coffre.lignes.size);
    assert.deepEqual([...recus.keys()].sort(), [...poses].sort());
    assert.deepEqual([...recus.values()].map(({ rang }) => rang).sort(), poses.map((_, i) => i + 1));
  }
});

test("un geste gardé par un onglet tué repart de là où il était, sous son nom d'appareil", async () => {
  unServeur(() => "coupe-avant");
  const lignes = new Map();
  const premiere = uneFile(unCoffre(lignes));
  await premiere.file.poser("critere:K1.1.1", "valide", CONTEXTE).garde;
  const [{ fait }] = [...lignes.values()];
  globalThis.sessionStorage.removeItem(`parchemin-appareil ${EPREUVE} ${MOI}`);
  const recus = unServeur();
  const { file, dits } = uneFile(unCoffre(lignes));
  await jusqua(() => recus.size === 1 && !lignes.size);
  assert.deepEqual([dits.gardes, recus.get(fait.id)], [[fait], fait]);
  assert.equal(file.enAttente(), 0);
});

test("un coffre plein se dit, le geste part quand même", async () => {
  const recus = unServeur();
  const { file, dits } = uneFile(unCoffre(new Map(), { plein: true }));
  const { garde } = file.poser("critere:K1.1.1", "valide", CONTEXTE);
  assert.equal(await garde, false);
  assert.equal(dits.etats.some((etat) => phraseDEtat(etat).startsWith("Attention : un geste n’est gardé que par cette page")), true);
  await jusqua(() => recus.size === 1);
});

test("un geste refusé reste gardé jusqu'à ce qu'on y renonce", async () => {
  const recus = unServeur(() => ({ "critere:K1.1.1": { code: "lecture_scellee", raison: "Scellée." } }));
  const coffre = unCoffre();
  const { file, dits } = uneFile(coffre);
  const { id } = file.poser("critere:K1.1.1", "valide", CONTEXTE);
  await jusqua(() => dits.refus.length === 1 && coffre.lignes.get(id)?.refus);
  const refuse = Object.values(coffre.lignes.get(id));
  assert.deepEqual([dits.refus, file.enAttente()], [[["critere:K1.1.1", "lecture_scellee"]], 0]);
  assert.equal(await abandonner(file, ...refuse), true);
  assert.deepEqual([coffre.lignes.size, recus.abandons.map(({ fait, code }) => [fait.id, code])], [0, [[id, "lecture_scellee"]]]);
});

test("un rang déjà pris se refait sous un autre nom d'appareil, qui avait vu le premier", async () => {
  let premier = true;
  const recus = unServeur((_, faits) => {
    if (!premier) return null;
    premier = false;
    return { [faits[0].cible]: { code: "rang_pris", raison: "" } };
  });
  const coffre = unCoffre();
  const { file } = uneFile(coffre);
  const { id } = file.poser("critere:K1.1.1", "valide", CONTEXTE);
  await jusqua(() => recus.size === 1 && !coffre.lignes.size);
  const [refait] = [...recus.values()];
  assert.notEqual(refait.id, id);
  assert.deepEqual([refait.cible, refait.valeur, refait.rang], ["critere:K1.1.1", "valide", 1]);
});

for (const [status, code] of [[401, "connexion_requise"], [401, "second_facteur_requis"], [403, "intuitu_personae"]]) {
  test(`un envoi refusé en entier (${code}) arrête les essais, garde tout, et le dit`, async () => {
    const erreur = { erreur: { code, message: "Reconnectez-vous." } };
    const recus = unServeur((numero) => (numero === 1 ? new Response(JSON.stringify(erreur), { status }) : null));
    const coffre = unCoffre();
    const { file, dits } = uneFile(coffre);
    await file.poser("critere:K1.1.1", "valide", CONTEXTE).garde;
    await jusqua(() => dits.etats.at(-1).arret);
    assert.equal(phraseDEtat(dits.etats.at(-1)), "Non envoyé, 1 geste gardé sur cet appareil. Reconnectez-vous.");
    assert.deepEqual([coffre.lignes.size, dits.refus], [1, []]);
    file.envoyer();
    await jusqua(() => recus.size === 1);
  });
}

test("qui revient pendant un essai parti sans sa connexion n'a rien à refaire", async () => {
  const erreur = { erreur: { code: "connexion_requise", message: "Reconnectez-vous." } };
  const recus = unServeur((numero) => (numero === 1 ? new Response(JSON.stringify(erreur), { status: 401 }) : null));
  const { fetch: repondre } = globalThis;
  let lacher;
  let partis = 0;
  const lenteur = new Promise((suite) => (lacher = suite));
  globalThis.fetch = async (...demande) => ((partis += 1), await lenteur, repondre(...demande));
  const { file, dits } = uneFile(unCoffre());
  file.poser("critere:K1.1.1", "valide", CONTEXTE);
  await jusqua(() => partis);
  file.envoyer(); // la page redevient visible : la personne s'est reconnectée dans un autre onglet
  lacher();
  await jusqua(() => recus.size === 1 && !file.enAttente());
  assert.equal(dits.etats.at(-1).arret, "");
});

test("le rang reprend au-dessus de ce que le serveur connaît", async () => {
  const recus = unServeur();
  const { file } = uneFile(unCoffre(), () => 41);
  file.poser("critere:K1.1.1", "valide", CONTEXTE);
  await jusqua(() => recus.size === 1);
  assert.equal([...recus.values()][0].rang, 42);
});

test("les gestes gardés se rangent d'après ce que chacun avait vu, même si l'horloge a reculé", () => {
  const ligne = (appareil, rang, monotone_ms, vus = {}) => ({ fait: { appareil, rang, monotone_ms, vus }, refus: null });
  const [un, deux, trois] = [ligne("a", 1, 9_000), ligne("a", 2, 1_000), ligne("b", 1, 500, { a: 2 })];
  assert.deepEqual(dansLOrdre([trois, deux, un]), [un, deux, trois]);
  const rond = [ligne("a", 1, 2, { b: 1 }), ligne("b", 1, 1, { a: 1 })];
  assert.equal(dansLOrdre(rond).length, 2);
});

test("la file de la première version part même si rien ne se range, et ne s'oublie pas avant", async () => {
  const serveur = unServeur();
  const ancien = { id: "f1", appareil: "a", rang: 1, cible: "critere:K3.1.1", valeur: "valide", vus: {}, monotone_ms: 1 };
  const cle = `parchemin-grille /epreuves/${EPREUVE}/faits ${MOI}`;
  sessionStorage.setItem(cle, JSON.stringify({ appareil: "a", rang: 1, file: [ancien] }));
  for (const coffre of [null, unCoffre(new Map(), { plein: true })]) {
    const { file, dits } = uneFile(coffre);
    await file.pret;
    await vider(file);
    assert.deepEqual([...serveur.keys()], ["f1"]);
    assert.deepEqual(dits.gardes.map(({ id }) => id), ["f1"]);
    assert.notEqual(sessionStorage.getItem(cle), null);
  }
  const lignes = new Map();
  const { file } = uneFile(unCoffre(lignes));
  await file.pret;
  assert.equal(sessionStorage.getItem(cle), null);
});

test("le retour du réseau efface l'attente des essais d'avant", async () => {
  unServeur(() => "coupe-avant");
  const { file } = uneFile(unCoffre());
  await file.poser("critere:K3.1.1", "valide", CONTEXTE).garde;
  const { setTimeout: attendre } = globalThis;
  const delais = [];
  globalThis.setTimeout = (faire, delai, ...reste) => (delais.push(delai), attendre(() => {}, 0, faire, ...reste));
  for (let fois = 0; fois < 5; fois += 1) await file.envoyer();
  globalThis.setTimeout = attendre;
  assert.deepEqual([...new Set(delais)], [1_000]);
  unServeur();
  await file.envoyer();
  await jusqua(() => !file.enAttente());
});
