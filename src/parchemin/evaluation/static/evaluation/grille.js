// La grille, geste par geste.
//
// Sans ce fichier, chaque bouton envoie le formulaire et la page revient : tout marche. Avec lui, le même bouton met le même
// geste dans la file (`envoi.js`). Il ne décide de rien : quand le serveur a tout reçu, la page se relit, et ses morceaux
// vifs (`data-parchemin-vif`, les critères) prennent la place des anciens.

import { afficher, choisie } from "./affichage.js";
import "./chrono.js";
import { ouvrirFile, phraseDEtat } from "./envoi.js";

const PAUSE_DE_FRAPPE = 2_500;

const formulaire = document.querySelector("form[data-parchemin-grille]");
const etat = document.querySelector("[data-parchemin-etat]");
const secours = document.querySelector("[data-parchemin-secours]");
const frappes = new Map();
let reglages = JSON.parse(document.getElementById("grille-reglages").textContent);
// Ce que l'appareil garde de cette grille : la page du serveur, et les gestes qu'il a reçus depuis qu'il l'a rendue.
let faitsRecus = reglages.recus ?? [];
let pageGardee = reglages.page ?? document.documentElement.outerHTML;
let vusDuServeur = { ...reglages.vus };
const jeton = () => formulaire.elements.csrfmiddlewaretoken;

const coffre = ouvrir();

async function ouvrir() {
  const { hors_ligne, personne, nom, secrets } = reglages;
  if (!hors_ligne) return null;
  const { ouvrirLeCoffre } = await import("./appareil.js");
  return ouvrirLeCoffre(personne, { jeton: jeton().value, nom, secrets });
}

const file = ouvrirFile({
  adresse: reglages.faits,
  personne: reglages.personne,
  epreuve: reglages.epreuve,
  coffre,
  rangConnu: (appareil) => reglages.vus[appareil] ?? 0,
  jeton: () => jeton().value,
  nouvelles: {
    etat(neuf) {
      const texte = phraseDEtat(neuf);
      if (etat.textContent !== texte) etat.textContent = texte;
      etat.className = neuf.nombre && (neuf.coupe || !neuf.gardable) ? "reseau reseau-coupe" : "reseau";
      secours.hidden = !(neuf.nombre && neuf.coupe);
    },
    gardes: (gardes) => gardes.forEach(montrer),
    recus: (recus) => garderLaPage(pageGardee, [...faitsRecus, ...recus]),
    refus: async (fait, refus) => formulaire.before((await import("./refus.js")).messageDeRefus(file, fait, refus)),
    vide: () => relire().catch(() => {}), // rien n'est perdu : la page se relira au prochain geste
    jetonPerime: relire,
  },
});

faitsRecus.forEach(montrer);
reprendre();
if (reglages.hors_ligne) navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
secours.querySelector("button").addEventListener("click", file.envoyer);

// Ce que l'écran montre est vu : le geste suivant le dira, que le serveur ait relu la page ou non.
function montrer({ id, appareil, rang, cible, valeur, monotone_ms: instant }) {
  const { derniers, vus } = reglages;
  derniers[cible] = id;
  vus[appareil] = Math.max(rang, vus[appareil] ?? 0);
  afficher(formulaire, cible, valeur, instant);
}

// Rechargée en plein envoi, une page peut avoir été rendue avant ce que la précédente a su reçu : elle se relit.
async function reprendre() {
  const ouvert = await coffre.catch(() => null);
  const gardee = await ouvert?.lirePage(reglages.epreuve).catch(() => null);
  const enRetard = Object.entries(gardee?.vus ?? {}).some(([appareil, rang]) => rang > (vusDuServeur[appareil] ?? 0));
  await garderLaPage(pageGardee, faitsRecus);
  if (enRetard) relire().catch(() => {});
}

async function garderLaPage(html, recus) {
  [pageGardee, faitsRecus] = [html, recus];
  for (const { appareil, rang } of recus) vusDuServeur[appareil] = Math.max(rang, vusDuServeur[appareil] ?? 0);
  const ouvert = await coffre.catch(() => null);
  const { epreuve, titre } = reglages;
  const page = { html, recus, vus: vusDuServeur, titre, adresse: location.pathname };
  await ouvert?.garderPage(epreuve, page).catch(() => {});
}

// --- Faire un geste ---------------------------------------------------------------------------------------------------

function poser(cible, valeur) {
  const { norme, derniers, vus } = reglages;
  montrer(file.poser(cible, valeur, { remplace: derniers[cible] ?? null, vus, norme }));
}

function faire(cible, valeur, avant, libelle) {
  if (avant !== undefined) appeler("./annulation.js", "inscrire", cible, avant, libelle);
  poser(cible, valeur);
}

formulaire.addEventListener("submit", (evenement) => {
  evenement.preventDefault();
  noterLesTextes();
  const bouton = evenement.submitter;
  if (!bouton || bouton.dataset.fait !== undefined) return;
  gesteDe(bouton);
  const volet = bouton.name !== "annuler" && bouton.closest("[popover]");
  if (!volet) return;
  volet.hidePopover();
  const places = document.querySelectorAll(`[popovertarget="${volet.id}"], .si-en-pause`);
  [...places].find((un) => un.checkVisibility())?.focus();
});

function gesteDe(bouton) {
  const { name, value } = bouton;
  const [genre, ...reste] = (name === "geste" ? value : name).split(":");
  const code = reste.join(":");
  const dit = bouton.textContent.trim();
  const noter = (cible, valeur) => faire(`${cible}:${crypto.randomUUID()}`, valeur, null, dit);
  if (genre === "annuler") appeler("./annulation.js", "annuler", bouton.closest("li"));
  else if (genre === "critere" || genre === "alternative") faire(name, value, choisie(name), `${code} ${dit}`);
  else if (genre === "competence_abordee") faire(name, value === "oui", value !== "oui", `${code} ${dit}`);
  else if (genre === "phase") faire(name, true, null, dit);
  else if (genre === "retirer") {
    bouton.dataset.fait = "";
    poser(code, null);
  } else if (genre === "reprise") {
    const { pause } = bouton.parentElement.dataset;
    if (pause) faire(`phase:${code}:reprise:${pause}`, true, null, dit);
  } else if (genre === "entretien") noter(genre, { alternative: choisie("alternative") });
  else if (genre === "pause") {
    const motif = name === "geste" ? vider(`motif-de-pause:${code}`) : value;
    if (motif) noter(`phase:${code}:pause`, { motif });
  } else if (genre === "courrier") {
    const panel = name !== "geste";
    const preselectionne = panel || Boolean(formulaire.elements.preselectionne?.checked);
    noter(genre, { motif: panel ? value : vider("motif"), preselectionne });
  } else if (genre === "question" && name !== "geste") {
    faire(name, value || null, value ? null : dit, `${code.split(":")[0]} question`);
  } else if (genre === "question") {
    const texte = vider(`autre-question:${code}`);
    if (texte) noter(`question:${code}`, texte);
  }
}

function vider(nom) {
  const champ = formulaire.elements[nom];
  const texte = champ.value.trim();
  champ.value = "";
  return texte;
}

// --- Les textes : un geste quand on les quitte, ou quand la frappe s'arrête ---------------------------------------------

function estTexte(champ) {
  return /^(commentaire:|lieu$|duree:)/.test(champ.name ?? "") && !champ.readOnly;
}

function cibleDe(champ) {
  return champ.name.replace(/^duree:(.+)$/, "phase:$1:duree");
}

function valeurDe(champ, texte) {
  if (!champ.name.startsWith("duree:")) return texte.trim();
  return /^\d+$/.test(texte.trim()) ? Number(texte) : null;
}

function noterUnTexte(champ) {
  clearTimeout(frappes.get(champ));
  frappes.delete(champ);
  if (champ.value === champ.defaultValue) return;
  const [valeur, avant] = [valeurDe(champ, champ.value), valeurDe(champ, champ.defaultValue)];
  champ.defaultValue = champ.value;
  if (valeur !== avant) faire(cibleDe(champ), valeur, avant, champ.labels[0]?.textContent.trim() ?? champ.name);
}

function noterLesTextes() {
  for (const champ of formulaire.elements) if (estTexte(champ)) noterUnTexte(champ);
}

formulaire.addEventListener("input", ({ target: champ }) => {
  if (!estTexte(champ)) return;
  clearTimeout(frappes.get(champ));
  frappes.set(champ, setTimeout(noterUnTexte, PAUSE_DE_FRAPPE, champ));
});

formulaire.addEventListener("change", ({ target: champ }) => {
  if (estTexte(champ)) noterUnTexte(champ);
});

// « Entrée » note ce champ, ou presse le bouton qui le suit ; jamais le premier bouton venu.
document.addEventListener("keydown", (evenement) => {
  const champ = evenement.target;
  if (evenement.key !== "Enter" || champ.tagName !== "INPUT" || champ.form !== formulaire) return;
  evenement.preventDefault();
  if (estTexte(champ)) noterUnTexte(champ);
  else champ.parentElement.querySelector("button")?.click();
});

// --- Ce qui ne sert pas à la première tape se charge quand on en a besoin -----------------------------------------------

const outils = { formulaire, poser, reglages: () => reglages };
document.querySelector("[data-parchemin-outils]").hidden = false;

async function appeler(module, nom, ...arguments_) {
  (await import(module))[nom](...arguments_, outils);
}

document.getElementById("recherche").addEventListener("input", ({ target }) => appeler("./recherche.js", "chercher", target));
document.addEventListener("keydown", (evenement) => {
  if (evenement.target.matches("input, textarea, select, [popover] *") || evenement.ctrlKey || evenement.metaKey || evenement.altKey) return;
  if (["ArrowDown", "ArrowUp", "/"].includes(evenement.key)) evenement.preventDefault();
  appeler("./raccourcis.js", "presser", evenement);
});
for (const quand of ["toggle", "focusin", "input"]) {
  formulaire.addEventListener(quand, ({ target }) => {
    if (target.matches("details.mot[open], textarea")) appeler("./remarques.js", "aider", target.closest("details"));
  }, true);
}

// --- Partir, revenir ----------------------------------------------------------------------------------------------------

// Partir laisse une seconde à l'envoi ; ce qui n'est pas parti est gardé ici. Clore, en revanche, demande que tout soit reçu.
document.addEventListener("click", (evenement) => {
  const lien = evenement.target.closest("a[href]");
  if (!lien || lien.hash || evenement.ctrlKey || evenement.metaKey) return;
  noterLesTextes();
  if (lien.dataset.parcheminVue !== undefined) {
    evenement.preventDefault();
    appeler("./entretien.js", "passer", lien.dataset.parcheminVue);
    return;
  }
  if (!file.enAttente()) return;
  evenement.preventDefault();
  const exige = lien.dataset.parcheminApresEnvoi !== undefined;
  const patience = new Promise((suite) => setTimeout(suite, 1_000));
  const vidage = exige ? file.vider() : Promise.race([file.vider(), patience]);
  vidage.then((vide) => (vide || !exige) && location.assign(lien.href));
});

addEventListener("online", file.envoyer);
addEventListener("focus", file.envoyer);
document.addEventListener("visibilitychange", () => (document.hidden ? noterLesTextes() : file.envoyer()));
addEventListener("beforeunload", (evenement) => {
  noterLesTextes();
  if (file.menaces()) evenement.preventDefault(); // ce qui est gardé ici peut attendre : la page, elle, peut se fermer
});

// Relire la page, quand tout est reçu. Rend ce qui empêche d'envoyer encore (autre personne, plus de connexion), ou rien.
async function relire() {
  const { relire: lire } = await import("./relecture.js");
  const { arret = "", neufs, rendue } = await lire(formulaire, reglages, file);
  if (neufs) reglages = neufs;
  if (rendue) {
    vusDuServeur = rendue.vus;
    garderLaPage(rendue.texte, []);
  }
  return arret;
}
