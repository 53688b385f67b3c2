// La grille, geste par geste.
//
// Sans ce fichier, chaque bouton envoie le formulaire et la page revient : tout marche. Avec lui, le même bouton met le même
// geste dans la file (`envoi.js`). Il ne décide de rien : quand le serveur a tout reçu, la page se relit, et ses morceaux
// vifs (`data-parchemin-vif`, les critères) prennent la place des anciens.

import { afficher, boutons, choisie } from "./affichage.js";
import { ouvrirLeCoffre } from "./appareil.js";
import { ouvrirFile, phraseDEtat } from "./envoi.js";
import { messageDeRefus } from "./refus.js";

const PAUSE_DE_FRAPPE = 2_500;
const PAS_LA_GRILLE = "Votre connexion a changé : reconnectez-vous dans un autre onglet, puis revenez ici.";

const formulaire = document.querySelector("form[data-parchemin-grille]");
const etat = document.querySelector("[data-parchemin-etat]");
const secours = document.querySelector("[data-parchemin-secours]");
const frappes = new Map();
const faits = []; // ce qui a été fait depuis l'ouverture de la page, pour l'annuler
let reglages = lireReglages(document);
let auServeur = false;
// Ce que l'appareil garde de cette grille : la page du serveur, et les gestes qu'il a reçus depuis qu'il l'a rendue.
let faitsRecus = reglages.recus ?? [];
let pageGardee = reglages.page ?? document.documentElement.outerHTML;

const coffre = reglages.hors_ligne
  ? ouvrirLeCoffre(reglages.personne, { jeton: jetonDe(formulaire).value, nom: reglages.nom, secrets: reglages.secrets })
  : Promise.resolve(null);

const file = ouvrirFile({
  adresse: reglages.faits,
  personne: reglages.personne,
  epreuve: reglages.epreuve,
  coffre,
  rangConnu: (appareil) => reglages.vus[appareil] ?? 0,
  jeton: () => jetonDe(formulaire).value,
  nouvelles: {
    etat(neuf) {
      const texte = phraseDEtat(neuf);
      if (etat.textContent !== texte) etat.textContent = texte;
      etat.className = neuf.nombre && (neuf.coupe || !neuf.gardable) ? "reseau reseau-coupe" : "reseau";
      secours.hidden = !(neuf.nombre && neuf.coupe);
    },
    gardes: (gardes) => gardes.forEach(montrer),
    recus: (recus) => garderLaPage(pageGardee, [...faitsRecus, ...recus]),
    refus: (fait, refus) => formulaire.before(messageDeRefus(file, fait, refus)),
    vide: () => relire().catch(() => {}), // rien n'est perdu : la page se relira au prochain geste
    jetonPerime: relire,
  },
});

faitsRecus.forEach(montrer);
garderLaPage(pageGardee, faitsRecus);
if (reglages.hors_ligne) navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
secours.querySelector("button").addEventListener("click", file.envoyer);

// Ce que l'écran montre est vu : le geste suivant le dira, que le serveur ait relu la page ou non.
function montrer({ id, appareil, rang, cible, valeur }) {
  const { derniers, vus } = reglages;
  derniers[cible] = id;
  vus[appareil] = Math.max(rang, vus[appareil] ?? 0);
  afficher(formulaire, reglages.etapes, cible, valeur);
}

async function garderLaPage(html, recus) {
  [pageGardee, faitsRecus] = [html, recus];
  const ouvert = await coffre.catch(() => null);
  const { epreuve, titre } = reglages;
  await ouvert?.garderPage(epreuve, { html, recus, titre, adresse: location.pathname }).catch(() => {});
}

// --- Faire un geste ---------------------------------------------------------------------------------------------------

function poser(cible, valeur, avant) {
  const { norme, derniers, vus } = reglages;
  faits.push({ cible, avant });
  montrer(file.poser(cible, valeur, { remplace: derniers[cible] ?? null, vus, norme }));
}

formulaire.addEventListener("submit", (evenement) => {
  const bouton = evenement.submitter;
  if (bouton?.name === "geste" && bouton.value === "annuler") return annuler(evenement);
  evenement.preventDefault();
  noterLesTextes();
  if (bouton && bouton.dataset.parcheminFait === undefined) gesteDe(bouton);
});

function gesteDe(bouton) {
  const [genre, ...reste] = bouton.name.split(":");
  if (genre === "critere" || genre === "alternative") {
    poser(bouton.name, bouton.value, choisie(bouton.name) ?? (genre === "critere" ? "non_observe" : null));
  } else if (genre === "competence_abordee") {
    poser(bouton.name, bouton.value === "oui", bouton.value !== "oui");
  } else if (genre === "phase") {
    poser(bouton.name, true, null);
  } else if (genre === "retirer") {
    bouton.dataset.parcheminFait = "";
    poser(reste.join(":"), null, undefined);
  } else if (bouton.value === "entretien") {
    poser(`entretien:${crypto.randomUUID()}`, { alternative: choisie("alternative") }, null);
  } else if (bouton.value === "courrier") {
    const { motif, preselectionne } = formulaire.elements;
    poser(`courrier:${crypto.randomUUID()}`, { motif: motif.value.trim(), preselectionne: preselectionne.checked }, null);
    motif.value = "";
    motif.focus();
  }
}

// Annuler, c'est un geste de plus. Ce que cette page n'a pas fait, ou ne sait plus, le serveur le sait : envoi ordinaire.
function annuler(evenement) {
  if (auServeur) return;
  noterLesTextes();
  const dernier = faits.pop();
  if (dernier?.avant === undefined) {
    for (const champ of formulaire.elements) if (estTexte(champ)) champ.disabled = true; // seul part l'ordre d'annuler
    if (!file.enAttente()) return;
    evenement.preventDefault();
    file.vider().then((vide) => {
      auServeur = vide;
      if (vide) formulaire.requestSubmit(evenement.submitter);
      else for (const champ of formulaire.elements) if (champ.name) champ.disabled = false;
    });
    return;
  }
  evenement.preventDefault();
  poser(dernier.cible, dernier.avant);
  faits.pop();
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
  if (valeur !== avant) poser(cibleDe(champ), valeur, avant);
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

// « Entrée » note ce champ ; elle ne presse pas le premier bouton venu.
formulaire.addEventListener("keydown", (evenement) => {
  const champ = evenement.target;
  if (evenement.key !== "Enter" || champ.tagName !== "INPUT") return;
  evenement.preventDefault();
  if (estTexte(champ)) noterUnTexte(champ);
  else formulaire.querySelector("button[value=courrier]")?.click();
});

// --- Partir, revenir ----------------------------------------------------------------------------------------------------

// Partir laisse une seconde à l'envoi ; ce qui n'est pas parti est gardé ici. Clore, en revanche, demande que tout soit reçu.
document.addEventListener("click", (evenement) => {
  const lien = evenement.target.closest("a[href]");
  if (!lien || lien.hash || evenement.ctrlKey || evenement.metaKey) return;
  noterLesTextes();
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

// --- Relire la page -----------------------------------------------------------------------------------------------------

// Rend ce qui empêche d'envoyer encore (autre personne, plus de connexion), ou rien.
async function relire() {
  const reponse = await fetch(formulaire.action, { redirect: "manual", signal: AbortSignal.timeout(15_000) });
  if (!reponse.ok) return PAS_LA_GRILLE;
  const texte = await reponse.text();
  const neuve = new DOMParser().parseFromString(texte, "text/html");
  const grille = neuve.querySelector("form[data-parchemin-grille]");
  if (!grille) return PAS_LA_GRILLE;
  const neufs = lireReglages(neuve);
  if (neufs.personne !== reglages.personne) return "Une autre personne s’est connectée : ces gestes attendent leur auteur.";
  jetonDe(formulaire).value = jetonDe(grille).value;
  if (file.enAttente()) return ""; // un geste est reparti entre-temps : sa réponse fera relire
  let toutMontre = true;
  for (const ancien of document.querySelectorAll("[data-parchemin-vif], [data-parchemin-critere]")) {
    const nouveau = neuve.getElementById(ancien.id);
    if (nouveau && trait(ancien) !== trait(nouveau)) toutMontre = remplacer(ancien, nouveau) && toutMontre;
  }
  if (toutMontre) reglages = neufs; // sinon, on ne dit pas avoir vu ce que l'écran n'a pas montré
  garderLaPage(texte, []);
  return "";
}

// Un critère se redessine quand son choix, sa mention ou sa remarque change ; tout autre morceau, dès qu'il change.
function trait(morceau) {
  if (morceau.dataset.parcheminCritere === undefined) return morceau.outerHTML;
  const remarque = morceau.querySelector("textarea")?.defaultValue.trim();
  return `${morceau.className} ${morceau.querySelector(".critere-indication")?.textContent} ${remarque}`;
}

function remplacer(ancien, nouveau) {
  const actif = document.activeElement;
  const dedans = ancien.contains(actif);
  if (dedans && actif.matches("textarea, input:not([type=checkbox])")) return false; // jamais sous les doigts
  for (const champ of ancien.querySelectorAll("input[id], textarea[id]")) {
    const jumeau = nouveau.querySelector(`#${CSS.escape(champ.id)}`);
    if (!jumeau) continue;
    if (champ.value !== champ.defaultValue) jumeau.value = champ.value;
    jumeau.checked = champ.checked;
  }
  const plis = (racine) => [racine, ...racine.querySelectorAll("details")].filter((pli) => pli.tagName === "DETAILS");
  plis(nouveau).forEach((pli, rang) => (pli.open = plis(ancien)[rang]?.open ?? pli.open));
  ancien.replaceWith(document.adoptNode(nouveau));
  if (dedans && actif.name) (boutons(actif.name).find((b) => b.value === actif.value) ?? boutons(actif.name)[0])?.focus();
  return true;
}

function jetonDe(racine) {
  return racine.querySelector("[name=csrfmiddlewaretoken]");
}

function lireReglages(racine) {
  return JSON.parse(racine.getElementById("grille-reglages").textContent);
}
