// La prudence des remarques : la règle du serveur, lue par le script, sur les mêmes exemples que les essais de Python.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { avertir, plein } from "../static/evaluation/remarques.js";

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

test("un texte plein le dit, un champ sans limite jamais", () => {
  const dit = "Ce texte est plein : 10\u202f000 signes au plus. Ce qui dépasse n’est pas gardé.";
  const essais = [["x".repeat(9_999), 10_000], ["x".repeat(10_000), 10_000], ["x".repeat(20_000), -1]];
  assert.deepEqual(essais.map((un) => plein(...un)), ["", dit, ""]);
});
