// Les touches que le serveur dit, et celles que le script joue : les mêmes, ni plus ni moins, sur un clavier français aussi.

import assert from "node:assert/strict";
import { test } from "node:test";

import { presser, SEULES } from "../static/evaluation/raccourcis.js";

test("chaque touche dite se joue, et chaque touche jouée est dite", () => {
  assert.deepEqual(Object.keys(SEULES).sort(), JSON.parse(process.env.TOUCHES).sort());
});

// Le choix que presse une touche sur un critère, ou rien. La page se réduit à ce critère.
function presse(touche, { raccourcis = true } = {}) {
  const pressees = [];
  const bouton = (forme) => ({ click: () => pressees.push(forme), getAttribute: () => null });
  const critere = { querySelector: (forme) => bouton(forme) };
  const activeElement = { closest: (quoi) => (quoi === ".critere-bloc" ? critere : null) };
  globalThis.document = { activeElement, getElementById: () => null, querySelector: () => null };
  const evenement = { code: "", getModifierState: (nom) => nom === touche.avec, ...touche };
  presser(evenement, { reglages: () => ({ raccourcis }) });
  return pressees.join();
}

test("1, 2, 3 se jouent de toute rangée de chiffres, avec ou sans Majuscule, et du pavé", () => {
  const choix = [".choix-v", ".choix-n", ".choix-o"];
  const claviers = { azerty: ["&", "é", '"'], majuscule: ["1", "2", "3"], bepo: ['"', "«", "»"] };
  for (const [clavier, signes] of Object.entries(claviers)) {
    const joues = signes.map((key, rang) => presse({ key, code: `Digit${rang + 1}` }));
    assert.deepEqual(joues, choix, clavier);
  }
  assert.deepEqual(["1", "2", "3"].map((key) => presse({ key, code: `Numpad${key}` })), choix);
});

test("une autre place, AltGr, un clavier sans place, des touches coupées : rien", () => {
  assert.equal(presse({ key: "'", code: "Digit4" }), "");
  assert.equal(presse({ key: "~", code: "Digit2", avec: "AltGraph" }), "");
  assert.equal(presse({ key: "&" }), "");
  assert.equal(presse({ key: "&", code: "Digit1" }, { raccourcis: false }), "");
});
