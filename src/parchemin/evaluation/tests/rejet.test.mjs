// Ce que la file fait d'un envoi que le serveur n'a pas pris en entier : rien ne bloque, rien ne s'oublie, rien ne s'emballe.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { vider } from "../static/evaluation/depart.js";
import { phraseDEtat } from "../static/evaluation/envoi.js";
import { abandonner } from "../static/evaluation/refus.js";
import { CONTEXTE, jusqua, unCoffre, uneFile, unServeur, viderLOnglet } from "./file_d_essai.mjs";

beforeEach(viderLOnglet);

const LONG = "x".repeat(300_000);
const erreur = (status, code, message = "Non.") => new Response(JSON.stringify({ erreur: { code, message } }), { status });
const page = (status) => new Response("<html>", { status });
const poids = (faits) => JSON.stringify({ faits }).length;

// Des gestes faits sans réseau, qui attendent tous ensemble.
async function noter(file, combien, valeur = "valide") {
  unServeur(() => "coupe-avant");
  const faits = Array.from({ length: combien }, (_, rang) => file.poser(`commentaire:K${rang}`, valeur, CONTEXTE));
  await Promise.all(faits.map(({ garde }) => garde));
  return faits.map(({ id }) => id);
}

// Le réseau revient ; vrai si tout part.
function revenir(file) {
  file.envoyer();
  return vider(file);
}

// Rien ne reste en attente d'un essai à l'autre.
async function finir(file) {
  unServeur();
  assert.equal(await revenir(file), true);
}

// --- Trop grand

const TROP_GRANDS = {
  "le serveur": (octets) => {
    if (octets > 2_621_440) return page(400);
    return octets > 2_000_000 ? erreur(413, "lot_trop_grand") : null;
  },
  "un mandataire": (octets) => (octets > 700_000 ? page(413) : null),
  "un serveur qui compte les gestes": (_, nombre) => (nombre > 3 ? erreur(409, "lot_trop_grand") : null),
};

for (const [qui, repondre] of Object.entries(TROP_GRANDS)) {
  test(`un lot trop grand pour ${qui} part en plusieurs fois`, async () => {
    const tailles = [];
    const coffre = unCoffre();
    const { file, dits } = uneFile(coffre);
    const poses = [...(await noter(file, 10, LONG)), ...(await noter(file, 30))];
    const recus = unServeur((_, faits) => (tailles.push(faits.length), repondre(poids(faits), faits.length)));
    assert.equal(await revenir(file), true);
    assert.deepEqual([[...recus.keys()].sort(), coffre.lignes.size, dits.refus], [poses.sort(), 0, []]);
    assert.ok(tailles.length < 50, `${tailles}`);
  });
}

test("après un lot trop grand, les envois reprennent leur taille", async () => {
  const tailles = [];
  const { file } = uneFile(unCoffre());
  await noter(file, 8, "x".repeat(30_000));
  await noter(file, 400);
  const recus = unServeur((_, faits) => (tailles.push(faits.length), poids(faits) > 70_000 ? page(413) : null));
  assert.equal(await revenir(file), true);
  assert.deepEqual([recus.size, Math.max(...tailles.slice(-3))], [408, 100]);
});

const SEULS = { "page 413": () => page(413), "page 400": () => page(400), "lot_trop_grand": () => erreur(413, "lot_trop_grand") };

for (const [reponse, repondre] of Object.entries(SEULS)) {
  test(`un geste à lui seul trop grand (${reponse}) se dit refusé, laisse partir les autres, et l'on y renonce`, async () => {
    const coffre = unCoffre();
    const { file, dits } = uneFile(coffre);
    const [id] = await noter(file, 1, "é".repeat(3_000_000));
    const poses = await noter(file, 20);
    const recus = unServeur((_, faits) => (poids(faits) > 2_621_440 ? repondre() : null));
    assert.equal(await revenir(file), true);
    await jusqua(() => coffre.lignes.get(id)?.refus);
    assert.deepEqual([[...recus.keys()].sort(), dits.refus], [poses.sort(), [["commentaire:K0", "lot_trop_grand"]]]);
    const { fait, refus } = coffre.lignes.get(id);
    assert.equal(await abandonner(file, fait, refus), true);
    const [abandon] = recus.abandons;
    assert.deepEqual([coffre.lignes.size, abandon.fait.id, abandon.code], [0, id, "lot_trop_grand"]);
    assert.ok(Buffer.byteLength(JSON.stringify(abandon)) < 65_536); // ce que le serveur inscrit au plus
    assert.match(abandon.fait.valeur, /^é{10000}… \(3000000 signes\)$/);
  });
}

test("un geste ordinaire qu'un serveur en panne ne lit pas (400) attend, et n'est pas refusé", async () => {
  const { file, dits } = uneFile(unCoffre());
  await noter(file, 5);
  unServeur(() => page(400));
  assert.equal(await revenir(file), false);
  assert.deepEqual([file.enAttente(), dits.refus, dits.etats.at(-1).arret], [5, [], ""]);
  await finir(file);
});

// --- Une réponse que cette page ne comprend pas

for (const dite of [{}, { etat: "" }, { etat: "gardee_ailleurs" }, { etat: "accepte" }]) {
  test(`un geste répondu ${JSON.stringify(dite)} n'est pas pris pour reçu : il attend, et repart plus tard`, async () => {
    const coffre = unCoffre();
    const { file } = uneFile(coffre);
    const poses = await noter(file, 3);
    let envois = 0;
    unServeur((_, faits) => {
      envois += 1;
      return new Response(JSON.stringify({ reponses: faits.map(({ id }) => ({ id, ...dite })) }));
    });
    assert.equal(await revenir(file), false);
    assert.deepEqual([file.enAttente(), [...coffre.lignes.keys()].sort()], [3, poses.sort()]);
    assert.ok(envois <= 4, `${envois}`); // de plus en plus rarement
    const recus = unServeur();
    assert.equal(await revenir(file), true);
    assert.deepEqual([recus.size, coffre.lignes.size], [3, 0]);
  });
}

test("ce qui est reçu, déjà reçu ou mis à part s'oublie ; ce qui est mis à part se dit", async () => {
  const coffre = unCoffre();
  const { file, dits } = uneFile(coffre);
  await noter(file, 3);
  const etats = ["acceptee", "deja_recue", "mise_a_part"];
  unServeur((_, faits) => new Response(JSON.stringify({ reponses: faits.map(({ id }, rang) => ({ id, etat: etats[rang] })) })));
  assert.equal(await revenir(file), true);
  await jusqua(() => dits.etats.at(-1).aPart === 1);
  assert.deepEqual([coffre.lignes.size, dits.refus], [0, [["commentaire:K2", undefined]]]);
});

// --- Moins de réponses que de gestes

const repondre = (ids) => new Response(JSON.stringify({ reponses: ids.map((id) => ({ id, etat: "acceptee" })) }));

for (const [quoi, ids] of Object.entries({ "aucune": [], "pour un geste inconnu": ["ailleurs"] })) {
  test(`un envoi accepté sans réponse utile (${quoi}) ne se répète pas en boucle`, async () => {
    const { file } = uneFile(unCoffre());
    await noter(file, 3);
    let envois = 0;
    unServeur(() => ((envois += 1), repondre(ids)));
    file.envoyer();
    await new Promise((suite) => setTimeout(suite, 700)); // avant le deuxième essai
    assert.deepEqual([envois, file.enAttente()], [1, 3]);
    await finir(file);
  });
}

test("un geste sans réponse n'empêche pas les autres de partir", async () => {
  const coffre = unCoffre();
  const { file } = uneFile(coffre);
  const muets = new Set(await noter(file, 15));
  const autres = await noter(file, 60);
  const recus = new Set();
  unServeur((_, faits) => {
    const ids = faits.map(({ id }) => id).filter((id) => !muets.has(id));
    ids.forEach((id) => recus.add(id));
    return repondre(ids);
  });
  await revenir(file);
  file.envoyer();
  await jusqua(() => recus.size === autres.length);
  assert.deepEqual([file.enAttente(), coffre.lignes.size], [15, 15]);
  await finir(file);
});

// --- « Plus tard »

const TROP_D_ENVOIS = {
  "en page": () => new Response("<html>", { status: 429, headers: { "Retry-After": "2" } }),
  "en JSON": () => new Response(JSON.stringify({ erreur: { code: "x", message: "Trop." } }), { status: 429, headers: { "Retry-After": "2" } }),
};

for (const [forme, dire] of Object.entries(TROP_D_ENVOIS)) {
  test(`trop d'envois (429, ${forme}) : la file attend ce qu'on lui dit, puis repart seule`, async () => {
    const { file, dits } = uneFile(unCoffre());
    await noter(file, 3);
    let envois = 0;
    const recus = unServeur(() => ((envois += 1) === 1 ? dire() : null));
    file.envoyer();
    await new Promise((suite) => setTimeout(suite, 1_500));
    assert.deepEqual([envois, dits.etats.at(-1).arret, Boolean(dits.etats.at(-1).coupe)], [1, "", true]);
    await jusqua(() => recus.size === 3);
    assert.equal(envois, 2);
  });
}

for (const attente of [null, "0", "Wed, 21 Oct 2026 07:28:00 GMT"]) {
  test(`trop d'envois (429), attente ${attente} : la file repart seule, de plus en plus rarement`, async () => {
    const { file } = uneFile(unCoffre());
    await noter(file, 1);
    const headers = attente === null ? {} : { "Retry-After": attente };
    const recus = unServeur((numero) => (numero === 1 ? new Response("", { status: 429, headers }) : null));
    file.envoyer();
    await jusqua(() => recus.size === 1);
  });
}

// --- Un refus de l'envoi entier : tout reste, cela se dit, et repart au retour de la personne

for (const [status, code, message] of [
  [403, "intuitu_personae", "On n'évalue ni ne juge par délégation : reprenez votre nom, puis faites-le pour vous-même."],
  [403, "autre_personne", "Une autre personne s’est connectée : ces gestes attendent leur auteur."],
  [409, "quarantaine_pleine", "Trop de gestes attendent déjà le gestionnaire."],
]) {
  test(`${code} : la file garde tout, dit la phrase du serveur, et repart quand la personne revient`, async () => {
    const coffre = unCoffre();
    const { file, dits } = uneFile(coffre);
    const poses = await noter(file, 3);
    let permis = false;
    let envois = 0;
    const recus = unServeur(() => ((envois += 1), permis ? null : erreur(status, code, message)));
    assert.equal(await revenir(file), false);
    assert.equal(phraseDEtat(dits.etats.at(-1)), `Non envoyé, 3 gestes gardés sur cet appareil. ${message}`);
    assert.deepEqual([[...coffre.lignes.keys()].sort(), dits.refus, envois], [poses.sort(), [], 1]);
    permis = true;
    file.envoyer(); // le bouton, ou la page qui redevient visible
    await jusqua(() => recus.size === 3 && !coffre.lignes.size);
    assert.equal(dits.etats.at(-1).arret, "");
  });
}

test("un réseau qui coupe les gros envois en reçoit de plus petits, et tout part", async () => {
  const tailles = [];
  const { file } = uneFile(unCoffre());
  await noter(file, 100);
  const recus = unServeur((_, faits) => (tailles.push(faits.length), faits.length > 20 ? "coupe-avant" : null));
  for (let fois = 0; fois < 40 && file.enAttente(); fois += 1) {
    file.envoyer(); // le réseau revient
    await new Promise((suite) => setTimeout(suite, 5));
  }
  assert.deepEqual([recus.size, file.enAttente(), Math.min(...tailles.slice(0, -1)) >= 10], [100, 0, true]);
});
