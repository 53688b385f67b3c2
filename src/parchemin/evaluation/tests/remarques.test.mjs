// La prudence des remarques : la règle du serveur, lue par le script, sur les mêmes exemples que les essais de Python.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { avertir } from "../static/evaluation/remarques.js";

const cas = JSON.parse(readFileSync(new URL("../../socle/tests/prudence.json", import.meta.url), "utf8"));
const regle = JSON.parse(process.env.PRUDENCE);
const NOMS = { nir: "sécurité sociale", telephone: "téléphone", courriel: "courriel" };

for (const [texte, attendus] of cas) {
  test(`« ${texte} »`, () => {
    const dit = avertir(texte, regle);
    assert.deepEqual(Object.keys(NOMS).filter((code) => dit.includes(NOMS[code])), attendus);
    assert.equal(dit.endsWith(regle.conseil), attendus.length > 0);
  });
}
