// « Ma journée » : préparer l'appareil, dire ce qui est prêt, envoyer ce qui attend encore ici.

import { ouvrirLeCoffre } from "./appareil.js";
import { ouvrirFile } from "./envoi.js";
import { apprendre, aUnCode, compter, oterPage, pages } from "./preparation.js";
import { messageDeRefus } from "./refus.js";

const lire = (id) => JSON.parse(document.getElementById(id).textContent);
const jeton = document.querySelector("[data-parchemin-jeton] [name=csrfmiddlewaretoken]").value;
const lignes = [...document.querySelectorAll("[data-parchemin-epreuve]")];
const forme = document.querySelector("[data-parchemin-preparer]");
const annonce = document.querySelector("[data-parchemin-preparation]");
const personne = lire("personne");

const coffre = await ouvrirLeCoffre(personne, { jeton, nom: lire("nom") }).catch(() => null);
if (coffre) {
  await nettoyer();
  await raconter();
  for (const epreuve of Object.keys(await compter(coffre))) envoyer(epreuve);
}
if (forme && coffre && "serviceWorker" in navigator) {
  forme.querySelector("button").disabled = false;
  forme.elements.code.required = !aUnCode(coffre);
} else if (forme) {
  annonce.textContent = "Ce navigateur ne sait pas garder une grille : elle se remplira en ligne.";
}

forme?.addEventListener("submit", async (evenement) => {
  evenement.preventDefault();
  const bouton = forme.querySelector("button");
  const grilles = lignes.filter((ligne) => ligne.dataset.parcheminGrille);
  bouton.disabled = true;
  annonce.textContent = "Préparation…";
  try {
    if (forme.elements.code.value) await coffre.poserLeCode(forme.elements.code.value);
    await navigator.serviceWorker.register("/service-worker.js");
    await navigator.serviceWorker.ready;
    await navigator.storage?.persist?.();
    let faites = 0;
    for (const ligne of grilles) {
      await garder(ligne);
      faites += 1;
      annonce.textContent = `${faites} ${faites < 2 ? "grille prête" : "grilles prêtes"} sur ${grilles.length}.`;
    }
    annonce.textContent = "Tout est prêt sur cet appareil. Vous pouvez partir sans réseau.";
    forme.elements.code.value = "";
  } catch {
    annonce.textContent = "La préparation s’est arrêtée : le réseau a manqué, ou l’appareil n’a plus de place. Recommencez.";
  }
  bouton.disabled = false;
  await raconter();
});

async function garder({ dataset: { parcheminEpreuve: epreuve, parcheminGrille: adresse } }) {
  const reponse = await fetch(adresse, { redirect: "manual", signal: AbortSignal.timeout(15_000) });
  if (!reponse.ok) throw new Error(adresse);
  const html = await reponse.text();
  const reglages = new DOMParser().parseFromString(html, "text/html").getElementById("grille-reglages");
  if (!reglages) throw new Error(adresse);
  const { titre, vus, hors_ligne: permis } = JSON.parse(reglages.textContent);
  if (permis) await coffre.garderPage(epreuve, { html, recus: [], vus, titre, adresse });
}

// Une grille scellée, retirée ou passée n'a plus rien à faire ici.
async function nettoyer() {
  const utiles = new Set(lignes.filter((une) => une.dataset.parcheminGrille).map((une) => une.dataset.parcheminEpreuve));
  const enAttente = await compter(coffre);
  for (const { epreuve } of await pages(coffre)) if (!utiles.has(epreuve) && !enAttente[epreuve]) await oterPage(coffre, epreuve);
}

async function raconter() {
  const pretes = new Set((await pages(coffre)).map(({ epreuve }) => epreuve));
  const enAttente = await compter(coffre);
  for (const ligne of lignes) {
    const ici = ligne.querySelector("[data-parchemin-ici]");
    const nombre = enAttente[ligne.dataset.parcheminEpreuve] ?? 0;
    const mots = [];
    if (nombre) mots.push(`${nombre} ${nombre < 2 ? "geste" : "gestes"} à envoyer`);
    if (ligne.dataset.parcheminGrille && pretes.has(ligne.dataset.parcheminEpreuve)) mots.push("prête hors ligne");
    ici.textContent = mots.join(", ");
    ici.hidden = !mots.length;
  }
}

function envoyer(epreuve) {
  const refus = (fait, dit) => document.querySelector("main > .entete").after(messageDeRefus(file, fait, dit));
  const file = ouvrirFile({
    adresse: `/epreuves/${epreuve}/faits`,
    personne,
    epreuve,
    coffre: Promise.resolve(coffre),
    rangConnu: () => 0,
    jeton: () => jeton,
    nouvelles: { etat: () => {}, gardes: () => {}, recus: (recus) => apprendre(coffre, epreuve, recus), refus, vide: raconter, jetonPerime: () => "Rechargez cette page." },
  });
}
