// Le gardien, sans navigateur : ce qu'il laisse au réseau, et ce qu'il montre quand le réseau refuse.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const SOURCE = readFileSync(new URL("../../portail/static/portail/service-worker.js", import.meta.url), "utf8");
const EPREUVE = "/epreuves/00000000-0000-4000-8000-00000000000e/";

// Rend de quoi demander une page : ce que le gardien répond, ou `undefined` s'il laisse faire le navigateur. Rien ne se range ici.
function unGardien(fetch, gardes = { "/hors-ligne/": "coquille" }) {
  const ecoutes = {};
  const monde = {
    addEventListener: (quoi, faire) => (ecoutes[quoi] = faire),
    caches: { match: async (chemin) => gardes[chemin] },
    fetch,
    location: new URL("https://parchemin.test/service-worker.js"),
    Response,
    setTimeout: (...quoi) => setTimeout(...quoi).unref(),
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
