// La coquille : sans réseau, ouvrir le coffre de cette personne et poser sa grille à la place de la page.

import { ouvrirLeCoffre } from "./appareil.js";
import { coffres as tousLesCoffres, compter, pages, tenir } from "./preparation.js";

const GRILLE = /^\/epreuves\/([0-9a-f-]{36})\/grille\/$/;
const LISTE = /^\/((ma-journee|hors-ligne)\/)?$/; // ce qui, sans réseau, se montre ici
const ESSAIS = 5;
const PEINE = 60_000;
const AILLEURS = "Cette page demande le réseau, et Parchemin ne répond pas.";

const dire = document.querySelector("[data-parchemin-dire]");
const demande = document.querySelector("[data-parchemin-code]");
const attente = Object.assign(document.createElement("p"), { role: "status" });
const liste = document.querySelector("[data-parchemin-grilles]");
const epreuve = GRILLE.exec(location.pathname)?.[1];
const ailleurs = !epreuve && !LISTE.test(location.pathname);
let rates = 0;
demande.lastElementChild.before(attente);

const coffres = await tousLesCoffres().catch(() => []);
if (ailleurs) {
  const suite = coffres.length ? "Ce que vous avez noté sur cet appareil y est gardé." : "Réessayez plus tard.";
  dire.textContent = `${AILLEURS} ${suite}`;
  document.querySelector("[data-parchemin-reessayer]").href = location.href;
}
const ouvert = await premierOuvert(coffres);
if (ouvert) await montrer(ouvert);
else demanderLeCode(coffres.filter(({ rangement }) => rangement.enveloppes.code));

// Celui que cet onglet tient déjà ouvert.
async function premierOuvert(lignes) {
  for (const { personne } of lignes) {
    const coffre = await ouvrirLeCoffre(personne).catch(() => null);
    if (coffre) return coffre;
  }
  return null;
}

function demanderLeCode(lignes) {
  if (!lignes.length) return;
  demande.hidden = false;
  demande.elements.personne.replaceChildren(...lignes.map(({ personne, nom }) => new Option(nom ?? "Évaluateur", personne)));
  demande.querySelector("[data-parchemin-qui]").hidden = lignes.length < 2;
}

demande.addEventListener("submit", async (evenement) => {
  evenement.preventDefault();
  const { personne, code } = demande.elements;
  const bouton = demande.querySelector("button");
  const refus = document.getElementById("code-refus");
  bouton.disabled = true;
  attente.textContent = "";
  const coffre = await ouvrirLeCoffre(personne.value, { code: code.value }).catch(() => null);
  if (coffre) return montrer(coffre);
  rates += 1;
  code.value = "";
  code.focus();
  const trop = rates % ESSAIS === 0;
  refus.hidden = trop;
  if (trop) patienter(bouton);
  else bouton.disabled = false;
});

// Trop de codes faux : on attend, et l'on dit pourquoi, et jusqu'à quand. L'heure compte, veille comprise.
function patienter(bouton) {
  const fin = Date.now() + PEINE;
  const [heure, minute, seconde] = new Date(fin).toLocaleTimeString("fr-FR").split(":");
  const quand = `${Number(heure)}\u00a0h\u00a0${minute}\u00a0min\u00a0${seconde}\u00a0s`;
  attente.textContent = `${ESSAIS} codes faux de suite : pour protéger ce qui est gardé ici, attendez jusqu’à ${quand} avant de réessayer. Rien n’est perdu.`;
  const guet = setInterval(() => {
    if (Date.now() < fin) return;
    clearInterval(guet);
    bouton.disabled = false;
    attente.textContent = "Vous pouvez réessayer.";
  }, 1000);
}

async function montrer(coffre) {
  demande.hidden = true;
  tenir(coffre);
  const gardee = epreuve && (await coffre.lirePage(epreuve));
  if (gardee) return poser(gardee);
  const gardees = await pages(coffre);
  const enAttente = await compter(coffre);
  dire.textContent = `${pourquoi()} ${gardees.length ? "Vos grilles sont là." : "Aucune grille n’est gardée sur cet appareil."}`;
  liste.hidden = !gardees.length;
  liste.replaceChildren(...gardees.map((une) => ligne(une, enAttente[une.epreuve] ?? 0)));
}

function pourquoi() {
  if (ailleurs) return AILLEURS;
  return epreuve ? "Sans réseau, et cette grille n’est pas gardée sur cet appareil." : "Sans réseau.";
}

function ligne({ titre, adresse }, nombre) {
  const element = document.createElement("li");
  const lien = document.createElement("a");
  lien.href = adresse;
  lien.className = "bouton bouton-clair";
  lien.textContent = titre;
  element.append(lien);
  if (nombre) element.append(` ${nombre} ${nombre < 2 ? "geste" : "gestes"} à envoyer`);
  return element;
}

// La page gardée prend la place de celle-ci. Ses scripts ne se relancent pas tout seuls : on charge les nôtres.
async function poser({ html, recus }) {
  const gardee = new DOMParser().parseFromString(html, "text/html");
  document.title = gardee.title;
  document.body.className = gardee.body.className;
  const morceaux = [...gardee.body.children].filter((un) => un.tagName !== "SCRIPT" || un.type === "application/json");
  document.body.replaceChildren(...morceaux.map((un) => document.adoptNode(un)));
  const reglages = document.getElementById("grille-reglages");
  reglages.textContent = JSON.stringify({ ...JSON.parse(reglages.textContent), recus, page: html });
  // Une tape plus prompte que nos scripts enverrait le formulaire dans le vide : elle attend, puis se fait.
  const presses = [];
  const retenir = (evenement) => {
    evenement.preventDefault();
    presses.push(evenement.submitter);
  };
  document.addEventListener("submit", retenir);
  await import("./grille.js");
  document.removeEventListener("submit", retenir);
  for (const bouton of presses) document.querySelector("form[data-parchemin-grille]").requestSubmit(bouton);
}
