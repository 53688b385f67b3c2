// La grille, geste par geste : un bouton met son geste dans la file, au lieu d'envoyer le formulaire. Elle ne décide de rien.

import { afficher, charger, choisie, plusTard } from "./affichage.js";
import { ouvrirLeCoffre } from "./appareil.js";
import { ouvrirFile, phraseDEtat } from "./envoi.js";

const PAUSE_DE_FRAPPE = 2_500;

const formulaire = document.querySelector("form[data-parchemin-grille]");
const etat = document.querySelector("[data-parchemin-etat]");
const secours = document.querySelector("[data-parchemin-secours]");
const frappes = new Map();
const aInscrire = []; // dans « Mes gestes »
let reglages = JSON.parse(document.getElementById("grille-reglages").textContent);
// Ce qui se garde ici : la page du serveur, et les gestes reçus depuis.
let faitsRecus = reglages.recus ?? [];
let pageGardee = reglages.page ?? document.documentElement.outerHTML;
let vusDuServeur = { ...reglages.vus };
const jeton = () => formulaire.elements.csrfmiddlewaretoken;

const { epreuve, hors_ligne: permis, nom, personne, secrets } = reglages;
const coffre = permis ? ouvrirLeCoffre(personne, { jeton: jeton().value, nom, secrets }).catch(() => null) : null;

const file = ouvrirFile({
  adresse: reglages.faits,
  personne,
  epreuve,
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
    gardes: (gardes) => repris.then(() => gardes.forEach(montrer)),
    recus: (recus) => garderLaPage(pageGardee, [...faitsRecus, ...recus]),
    refus: async (fait, refus) => formulaire.before((await charger("./refus.js")).messageDeRefus(file, fait, refus)),
    vide: () => relire().catch(() => {}), // au prochain geste
    jetonPerime: relire,
  },
});

formulaire.noValidate = true; // un champ mal rempli n'arrête rien d'autre
faitsRecus.forEach(montrer);
const repris = reprendre();
if (document.querySelector(".phase[data-etat^=en]")) plusTard("./chrono.js");
if (permis) navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
secours.querySelector("button").addEventListener("click", file.envoyer);

// Ce que l'écran montre est vu : le geste suivant le dira.
function montrer(fait) {
  const { id, appareil, rang, cible, valeur, monotone_ms: instant } = fait;
  const { derniers, vus } = reglages;
  if (rang > (vusDuServeur[appareil] ?? 0)) aInscrire.push(fait); // sa liste dit les autres
  derniers[cible] = id;
  vus[appareil] = Math.max(rang, vus[appareil] ?? 0);
  afficher(formulaire, cible, valeur, instant);
  file.pret.then(() => plusTard("./annulation.js", "suivre", aInscrire));
  plusTard("./perime.js", "perimer", fait, document.activeElement);
}

// Rechargée en plein envoi, une page en sait moins que celle que l'on garde.
async function reprendre() {
  const gardee = await (await coffre)?.lirePage(epreuve).catch(() => null);
  const tard = ([nom, rang]) => rang > (vusDuServeur[nom] ?? 0);
  if (!Object.entries(gardee?.vus ?? {}).some(tard)) return void garderLaPage(pageGardee, faitsRecus);
  for (const fait of gardee.recus) if (tard([fait.appareil, fait.rang])) montrer(fait);
  [pageGardee, faitsRecus, vusDuServeur] = [gardee.html, gardee.recus, gardee.vus];
  relire().catch(() => {});
}

async function garderLaPage(html, recus) {
  [pageGardee, faitsRecus] = [html, recus];
  for (const { appareil, rang } of recus) vusDuServeur[appareil] = Math.max(rang, vusDuServeur[appareil] ?? 0);
  const [{ titre }, { pathname: adresse }] = [reglages, location];
  await (await coffre)?.garderPage(epreuve, { html, recus, vus: vusDuServeur, titre, adresse }).catch(() => {});
}

function poser(cible, valeur, remplace = reglages.derniers[cible] ?? null) {
  const { norme, vus } = reglages;
  montrer(file.poser(cible, valeur, { remplace, vus, norme }));
  plusTard("./aides.js", "precharger", charger);
}

formulaire.addEventListener("submit", (evenement) => {
  evenement.preventDefault();
  noterLesTextes();
  const bouton = evenement.submitter;
  if (!bouton) return;
  if (bouton.matches("input + *") && !bouton.previousElementSibling.value.trim()) return plusTard("./remarques.js", "reclamer", bouton);
  gesteDe(bouton);
  const volet = bouton.name !== "annuler" && bouton.closest("[popover]");
  if (!volet) return;
  volet.hidePopover();
  const places = document.querySelectorAll(`[popovertarget="${volet.id}"], .si-en-pause`);
  [...places].find((un) => un.checkVisibility())?.focus(); // la touche suivante agit
});

function gesteDe(bouton) {
  const { name, value } = bouton;
  const libre = name === "geste"; // dit par un texte, pas par un choix proposé
  const [genre, ...reste] = (libre ? value : name).split(":");
  const code = reste.join(":");
  const noter = (cible, valeur) => poser(`${cible}:${crypto.randomUUID()}`, valeur);
  if (genre === "annuler") appeler("./annulation.js", "annuler", bouton.closest("li"));
  else if (genre === "critere" || genre === "alternative") poser(name, value);
  else if (genre === "competence_abordee") poser(name, value === "oui");
  else if (genre === "phase") poser(name, true);
  else if (genre === "retirer" || genre === "reprendre") poser(code, genre === "retirer" ? null : value);
  else if (genre === "reprise") {
    const { pause } = bouton.parentElement.dataset;
    if (pause) poser(`phase:${code}:reprise:${pause}`, true);
  } else if (genre === "entretien") noter(genre, { alternative: choisie("alternative") });
  else if (genre === "pause") {
    noter(`phase:${code}:pause`, { motif: libre ? vider(bouton) : value });
  } else if (genre === "courrier") {
    const preselectionne = !libre || Boolean(formulaire.elements.preselectionne?.checked);
    noter(genre, { motif: libre ? vider(bouton) : value, preselectionne });
  } else if (genre === "question") {
    if (libre) noter(`question:${code}`, vider(bouton));
    else poser(name, value || null);
  }
}

function vider({ previousElementSibling: champ }) {
  const texte = champ.value.trim();
  champ.value = "";
  return texte;
}

// --- Les textes : un geste quand on les quitte, ou quand la frappe s'arrête

const estTexte = ({ name, readOnly }) => /^(commentaire:|lieu$|duree:)/.test(name ?? "") && !readOnly;
const cibleDe = ({ name }) => name.replace(/^duree:(.+)$/, "phase:$1:duree");

const valeurDe = ({ inputMode }, texte) => (!inputMode ? texte.trim() : texte ? Number(texte) : null);

function noterUnTexte(champ) {
  clearTimeout(frappes.get(champ));
  frappes.delete(champ);
  if (champ.inputMode) plusTard("./remarques.js", "juger", champ);
  if (!champ.validity.valid || champ.value === champ.defaultValue) return;
  const [valeur, avant] = [valeurDe(champ, champ.value), valeurDe(champ, champ.defaultValue)];
  champ.defaultValue = champ.value;
  if (valeur !== avant) poser(cibleDe(champ), valeur);
}

function noterLesTextes() {
  for (const champ of formulaire.elements) if (estTexte(champ)) noterUnTexte(champ);
}

formulaire.addEventListener("input", ({ target: champ }) => {
  clearTimeout(frappes.get(champ));
  if (estTexte(champ)) frappes.set(champ, setTimeout(noterUnTexte, PAUSE_DE_FRAPPE, champ));
});
formulaire.addEventListener("change", ({ target: champ }) => estTexte(champ) && noterUnTexte(champ));

document.addEventListener("keydown", (evenement) => {
  const champ = evenement.target;
  if (evenement.key !== "Enter" || champ.tagName !== "INPUT" || champ.form !== formulaire) return;
  evenement.preventDefault();
  if (estTexte(champ)) noterUnTexte(champ);
  else champ.parentElement.querySelector("button")?.click();
});

const combinee = ({ altKey, ctrlKey, metaKey }) => altKey || ctrlKey || metaKey;
const touche = (evenement) => !evenement.target.matches("input, textarea, select, [popover] *") && !combinee(evenement);
const outils = { aInscrire, charger, file, formulaire, poser, reglages: () => reglages, touche };
document.querySelector("[data-parchemin-outils]").hidden = false;

async function appeler(module, nom, argument) {
  const charge = await charger(module).catch(() => (etat.textContent = "Le réseau manque : réessayez à son retour."));
  return charge[nom]?.(argument, outils);
}

for (const quand of ["keydown", "toggle", "focusin", "input", "click"]) {
  document.addEventListener(quand, (evenement) => {
    if ([evenement.code, evenement.key?.toLowerCase()].some((un) => reglages.touches?.includes(un)) && touche(evenement))
      evenement.preventDefault();
    plusTard("./aides.js", "aider", evenement, outils);
  }, true);
}

document.addEventListener("click", (evenement) => {
  const lien = evenement.target.closest("a[href]");
  if (!lien || lien.hash || combinee(evenement)) return;
  noterLesTextes();
  const { parcheminVue: vue } = lien.dataset;
  if (vue === undefined && !file.enAttente()) return;
  evenement.preventDefault();
  if (vue !== undefined) appeler("./entretien.js", "passer", vue);
  else appeler("./depart.js", "partir", lien);
});

for (const retour of ["online", "focus"]) addEventListener(retour, file.envoyer);
document.addEventListener("visibilitychange", () => (document.hidden ? noterLesTextes() : file.envoyer()));
addEventListener("beforeunload", (evenement) => {
  noterLesTextes();
  if (file.menaces()) evenement.preventDefault();
});

// Rend ce qui empêche d'envoyer encore, ou rien.
async function relire() {
  const { relire: lire } = await charger("./relecture.js");
  const { arret = "", neufs, rendue } = await lire(formulaire, reglages, file, vusDuServeur);
  if (neufs) reglages = neufs;
  if (rendue) {
    aInscrire.length = 0; // sa liste les dit
    vusDuServeur = rendue.vus;
    garderLaPage(rendue.texte, []);
  }
  return arret;
}
