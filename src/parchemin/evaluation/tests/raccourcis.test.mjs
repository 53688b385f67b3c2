// Les touches que le serveur dit, et celles que le script joue : les mêmes, ni plus ni moins.

import assert from "node:assert/strict";
import { test } from "node:test";

import { SEULES } from "../static/evaluation/raccourcis.js";

test("chaque touche dite se joue, et chaque touche jouée est dite", () => {
  assert.deepEqual(Object.keys(SEULES).sort(), JSON.parse(process.env.TOUCHES).sort());
});
