// Le coffre, sans navigateur : ce qui s'ouvre, et ce qui ne s'ouvre pas.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  chiffrer,
  dechiffrer,
  envelopper,
  nouveauCoffre,
  ouvrir,
  secretDOnglet,
} from "../static/evaluation/coffre.js";

test("chaque enveloppe rend la même clé, et un mauvais secret n'ouvre rien", async () => {
  const { rangement, brut, cle } = await nouveauCoffre();
  const [onglet, serveur] = [secretDOnglet(), secretDOnglet()];
  await envelopper(rangement, brut, "onglet", onglet);
  await envelopper(rangement, brut, "serveur", serveur);
  await envelopper(rangement, brut, "code", "271828");
  const ferme = await chiffrer(cle, { cible: "critere:K1.1.1" });
  for (const [nom, secret] of [["onglet", onglet], ["serveur", serveur], ["code", "271828"]]) {
    const ouvert = await ouvrir(rangement, nom, secret);
    assert.deepEqual(await dechiffrer(ouvert.cle, ferme), { cible: "critere:K1.1.1" });
  }
  assert.equal(await ouvrir(rangement, "code", "271829"), null);
  assert.equal(await ouvrir(rangement, "serveur", onglet), null);
  assert.equal(await ouvrir(rangement, "absente", onglet), null);
});

test("une copie de la base, sans la clé de cet appareil, n'ouvre rien", async () => {
  const { rangement, brut } = await nouveauCoffre();
  const secret = secretDOnglet();
  await envelopper(rangement, brut, "serveur", secret);
  const ailleurs = { ...rangement, appareil: (await nouveauCoffre()).rangement.appareil };
  assert.equal(await ouvrir(ailleurs, "serveur", secret), null);
});

test("ni la clé du coffre ni celle de l'appareil ne sortent", async () => {
  const { rangement, brut, cle } = await nouveauCoffre();
  await envelopper(rangement, brut, "code", "271828");
  for (const une of [cle, rangement.appareil, (await ouvrir(rangement, "code", "271828")).cle]) {
    assert.equal(une.extractable, false);
    await assert.rejects(crypto.subtle.exportKey("raw", une));
  }
});

test("un seul bit changé se voit", async () => {
  const { cle } = await nouveauCoffre();
  const ferme = await chiffrer(cle, { valeur: "valide" });
  for (let rang = 0; rang < ferme.chiffre.length; rang += 1) {
    const abime = { iv: ferme.iv, chiffre: ferme.chiffre.slice() };
    abime.chiffre[rang] ^= 1;
    await assert.rejects(dechiffrer(cle, abime));
  }
});

test("le même contenu ne se chiffre jamais deux fois pareil", async () => {
  const { cle } = await nouveauCoffre();
  const chiffres = await Promise.all(Array.from({ length: 50 }, () => chiffrer(cle, "valide")));
  assert.equal(new Set(chiffres.map(({ chiffre }) => Buffer.from(chiffre).toString("hex"))).size, 50);
});
