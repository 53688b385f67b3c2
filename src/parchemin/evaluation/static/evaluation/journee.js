// « Ma journée » : préparer l'appareil, dire ce qui est prêt, envoyer ce qui attend encore ici.

import { ouvrirLeCoffre } from "./appareil.js";
import { ouvrirFile } from "./envoi.js";
import { apprendre, aUnCode, compter, oterPage, pages, tenir } from "./preparation.js";
import { messageDeRefus } from "./refus.js";

const lire = (id) => JSON.parse(document.getElementById(id).textContent);
const jeton = document.querySelector("[data-parchemin-jeton] [name=csrfmiddlewaretoken]").value;
const lignes = [...document.querySelectorAll("[data-parchemin-epreuve]")];
const forme = document.querySelector("[data-parchemin-preparer]");
const annonce = document.querySelector("[data-parchemin-preparation]");
const personne = lire("personne");

const coffre = await ouvrirLeCoffre(personne, { jeton, nom: lire("nom") }).catch(() => null);
if (coffre) {
  tenir(coffre);
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
    const manquent = [];
    for (const [rang, ligne] of grilles.entries()) {
      const pourquoi = await garder(ligne);
      if (pourquoi) manquent.push(`${ligne.querySelector("h3").textContent.trim().replace(/\s+/g, " ")} : ${pourquoi}`);
      annonce.textContent = `${compte(rang + 1 - manquent.length)} sur ${grilles.length}.`;
    }
    conclure(grilles.length, manquent);
    forme.elements.code.value = "";
  } catch {
    annonce.textContent = "La préparation s’est arrêtée : le réseau a manqué, ou l’appareil n’a plus de place. Recommencez.";
  }
  bouton.disabled = false;
  await raconter();
});

const compte = (nombre) => `${nombre} ${nombre < 2 ? "grille prête" : "grilles prêtes"}`;

// Rien ne se dit prêt qui ne soit gardé ; ce qui manque se nomme, avec sa raison.
function conclure(toutes, manquent) {
  if (!manquent.length) return (annonce.textContent = "Tout est prêt sur cet appareil. Vous pouvez partir sans réseau.");
  const dire = (balise, textContent) => Object.assign(document.createElement(balise), { textContent });
  const liste = document.createElement("ul");
  liste.append(...manquent.map((une) => dire("li", une)));
  const pretes = toutes - manquent.length;
  annonce.replaceChildren(dire("p", `${pretes ? compte(pretes) : "Aucune grille prête"} sur ${toutes}. Sans réseau, il manquerait :`), liste);
}

// Rend pourquoi cette grille n'est pas gardée, ou rien si elle l'est.
async function garder({ dataset: { parcheminEpreuve: epreuve, parcheminGrille: adresse } }) {
  const reponse = await fetch(adresse, {
    headers: { "X-Parchemin-Preparer": "1" },
    redirect: "manual",
    signal: AbortSignal.timeout(15_000),
  }).catch(() => null);
  if (!reponse || reponse.status >= 500) return "le réseau a manqué, ou le serveur. Recommencez.";
  if (reponse.type === "opaqueredirect") return "votre connexion a expiré. Reconnectez-vous.";
  const html = await reponse.text().catch(() => "");
  if (!reponse.ok) return raisonDe(html);
  const reglages = new DOMParser().parseFromString(html, "text/html").getElementById("grille-reglages");
  if (!reglages) return "elle est arrivée coupée. Recommencez.";
  const { titre, vus, hors_ligne: permis } = JSON.parse(reglages.textContent);
  if (!permis) {
    if (!(await compter(coffre))[epreuve]) await oterPage(coffre, epreuve);
    return "l’organisme du candidat ne veut pas qu’elle se garde sur un appareil. Elle se remplit en ligne.";
  }
  const gardee = coffre.garderPage(epreuve, { html, recus: [], vus, titre, adresse });
  return gardee.then(() => "", () => "l’appareil n’a plus de place.");
}

function raisonDe(texte) {
  try {
    return JSON.parse(texte).erreur.message;
  } catch {
    return "elle ne s’ouvre plus.";
  }
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
