// Le gardien, sans navigateur : ce qu'il laisse au réseau, et ce qu'il montre quand le réseau refuse.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const SOURCE = readFileSync(new URL("../../portail/static/portail/service-worker.js", import.meta.url), "utf8");
const EPREUVE = "/epreuves/00000000-0000-4000-8000-00000000000e/";

// Rend de quoi demander une page : ce que le gardien répond, ou `undefined` s'il laisse faire le navigateur. Rien ne se range ici.
function unGardien(fetch, gardes = { "/hors-ligne/": "coquille" }, horloge = { setTimeout: (...quoi) => setTimeout(...quoi).unref(), Date }) {
  const ecoutes = {};
  const monde = {
    addEventListener: (quoi, faire) => (ecoutes[quoi] = faire),
    caches: { match: async (chemin) => gardes[chemin] },
    fetch,
    location: new URL("https://parchemin.test/service-worker.js"),
    Response,
    ...horloge,
    URL,
  };
  vm.runInNewContext(`const VERSION = "v"; const COQUILLE = ["/hors-ligne/", "/static/socle/base.css"];\n${SOURCE}`, monde);
  return (adresse, demande = {}) => {
    let rendue;
    const url = new URL(adresse, "https://parchemin.test").href;
    const request = { method: "GET", mode: "navigate", destination: "document", ...demande, url };
    ecoutes.fetch({ request, respondWith: (reponse) => (rendue = reponse) });
    return rendue;
  };
}

const coupe = async () => {
  throw new TypeError("réseau");
};

for (const adresse of [`${EPREUVE}clore/`, EPREUVE, `${EPREUVE}grille/`, "/connexion/login/?next=/", "/", "/ma-facon-de-noter/"]) {
  test(`le réseau refuse ${adresse} : la coquille`, async () => {
    assert.equal(await unGardien(coupe)(adresse), "coquille");
  });
}

test("l'appareil ne garde plus la coquille : l'erreur du navigateur", async () => {
  assert.equal((await unGardien(coupe, {})(EPREUVE)).type, "error");
});

for (const status of [200, 403, 404, 500, 503]) {
  test(`le serveur répond ${status} : c'est sa réponse, telle quelle`, async () => {
    const reponse = new Response("", { status });
    assert.equal(await unGardien(async () => reponse)(`${EPREUVE}clore/`), reponse);
  });
}

const LAISSES = [
  ["un envoi", `${EPREUVE}clore/`, { method: "POST" }],
  ["un autre site", "https://ailleurs.test/", {}],
  ["un cadre", EPREUVE, { destination: "iframe" }],
  ["une demande de script", `${EPREUVE}faits`, { mode: "cors", destination: "" }],
  ["un PDF", "/candidats/00000000-0000-4000-8000-00000000000c/releve.pdf", {}],
  ["un agenda", "/epreuves/calendrier/jeton.ics", {}],
  ["une pièce du carnet", "/candidats/x/entrees/y/fichier/", {}],
  ["l'export du journal", "/journal/exporter/", {}],
  ["une feuille de papier", "/papier/feuilles/00000000-0000-4000-8000-00000000000f/", {}],
];

for (const [quoi, adresse, demande] of LAISSES) {
  test(`${quoi} va au réseau sans le gardien`, () => {
    assert.equal(unGardien(coupe)(adresse, demande), undefined);
  });
}

// Une montre que l'essai avance : les attentes échues finissent, dans l'ordre.
function uneMontre() {
  const attentes = [];
  const montre = {
    heure: 1_000_000,
    Date: { now: () => montre.heure },
    setTimeout: (finir, ms) => void attentes.push([montre.heure + ms, finir]),
    async avancer(ms) {
      montre.heure += ms;
      for (const [quand, finir] of attentes.splice(0)) if (quand <= montre.heure) finir();
        else attentes.push([quand, finir]);
      await new Promise(setImmediate);
    },
  };
  return montre;
}

const FICHIER = ["/static/socle/base.css", { mode: "no-cors", destination: "style" }];
const GARDES = { "/hors-ligne/": "coquille", "/static/socle/base.css": "style" };
const etat = (promesse) => Promise.race([promesse, new Promise((dire) => setImmediate(dire, "attend"))]);

test("un réseau muet fait attendre la page une fois, et ses fichiers pas une fois de plus", async () => {
  const montre = uneMontre();
  let repondre;
  const muet = () => new Promise((suite) => (repondre = suite));
  const demander = unGardien((requete) => montre.parler?.(requete) ?? muet(), GARDES, montre);
  const page = demander(`${EPREUVE}grille/`);
  await montre.avancer(7_999);
  assert.equal(await etat(page), "attend");
  await montre.avancer(1);
  assert.equal(await page, "coquille");
  const fichier = demander(...FICHIER);
  await montre.avancer(0);
  assert.equal(await fichier, "style");

  await montre.avancer(20_001); // la lenteur s'oublie
  const plusTard = demander(...FICHIER);
  await montre.avancer(2_499);
  assert.equal(await etat(plusTard), "attend");
  await montre.avancer(1);
  assert.equal(await plusTard, "style");

  montre.parler = async () => new Response("neuf"); // une réponse à temps, et l'on attend de nouveau les suivantes
  assert.equal(await (await demander(`${EPREUVE}grille/`)).text(), "neuf");
  montre.parler = undefined;
  const ensuite = demander(...FICHIER);
  await montre.avancer(0);
  assert.equal(await etat(ensuite), "attend");
  repondre(new Response("du réseau"));
  assert.equal(await (await ensuite).text(), "du réseau");
});
