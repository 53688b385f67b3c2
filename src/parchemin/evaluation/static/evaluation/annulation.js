// Chaque geste peut s'annuler, pas seulement le dernier : annuler est un geste de plus, qui rend la valeur d'avant et se reconnaît à
// son `remplace` (docs/echange-des-faits.md). D'une même cible, seul le dernier geste se montre ; l'annuler découvre le précédent.

import { charger } from "./affichage.js";

const { quitter } = await charger("./focus.js"); // échoué, il se redemande avec ce module

const RIEN = "00000000-0000-0000-0000-000000000000";
const SANS_VALEUR = { commentaire: "", lieu: "", competence_abordee: false }; // comme au serveur (`selectors/gestes.py`)

const liste = () => document.getElementById("liste-gestes");
const lignesDe = (cible) => [...liste().children].filter((une) => une.lastElementChild.value === cible);

function dire(mots) {
  const place = document.querySelector("[data-parchemin-annule]"); // une page gardée d'avant ne l'a pas
  if (place) place.textContent = mots;
}

// Ce que vaut chaque cible dont la liste dit quelque chose ; une liste gardée par une version d'avant dit le geste sans sa valeur.
function valeurs() {
  const dite = ({ lastElementChild: { value, dataset } }) => [value, dataset.valeur && JSON.parse(dataset.valeur)];
  return (liste().valeurs ??= Object.fromEntries([...liste().children].map(dite)));
}

// `faits` : ceux que l'écran montre et que la liste ne dit pas encore ; elle les prend. Une tape peut devancer ceux que l'appareil gardait.
export function suivre(faits) {
  for (const fait of faits.splice(0).sort((un, deux) => un.monotone_ms - deux.monotone_ms)) {
    const { cible, valeur } = fait;
    const dites = valeurs();
    const avant = cible in dites ? dites[cible] : (SANS_VALEUR[cible.split(":")[0]] ?? null);
    dites[cible] = valeur;
    const [derniere] = lignesDe(cible);
    if (derniere && annule(fait, derniere)) oter(derniere);
    else if (avant !== undefined) inscrire(cible, avant, "", valeur, fait);
    else derniere?.remove(); // on ne sait plus quoi rendre
  }
}

function annule({ valeur, remplace }, ligne) {
  const { dataset } = ligne.lastElementChild;
  return remplace === (dataset.remplace || RIEN) && JSON.stringify(valeur) === JSON.stringify(JSON.parse(dataset.avant));
}

// Une page ouverte avant cette version l'appelle aussi, sans le fait ; elle dit en plus les mots de son bouton.
export function inscrire(cible, avant, _dit, valeur, { remplace, mural } = {}) {
  const libelle = phrase(cible, valeur);
  dire("");
  for (const ligne of lignesDe(cible)) ligne.hidden = true;
  const ligne = document.createElement("li");
  const bouton = document.createElement("button");
  Object.assign(bouton, { className: "bouton-lien", name: "annuler", value: cible, textContent: "Annuler", ariaLabel: `Annuler ${libelle}` });
  bouton.setAttribute("form", "grille");
  Object.assign(bouton.dataset, { avant: JSON.stringify(avant), remplace: remplace ?? "" });
  const instant = mural ? new Date(mural) : new Date();
  const heure = instant.toLocaleTimeString("fr-FR", { hour: "numeric", minute: "2-digit" }).replace(":", "\u00a0h\u00a0");
  const quand = Object.assign(document.createElement("small"), { className: "discret", textContent: heure });
  ligne.append(Object.assign(document.createElement("span"), { textContent: libelle }), quand, bouton);
  liste().prepend(ligne);
}

export function annuler(celle, { aInscrire, poser }) {
  if (aInscrire) suivre(aInscrire);
  const ligne = celle ?? liste().firstElementChild;
  if (!ligne) return dire("Il n’y a aucun geste à annuler.");
  const { value: cible, dataset } = ligne.lastElementChild;
  const libelle = ligne.firstElementChild.textContent.trim();
  poser(cible, JSON.parse(dataset.avant), dataset.remplace || RIEN);
  if (aInscrire) suivre(aInscrire);
  else oter(ligne); // une page d'avant
  dire(`Annulé\u00a0: ${libelle.replace(/\s*:\s*/, ", ")}`);
}

function oter(ligne) {
  const precedente = lignesDe(ligne.lastElementChild.value).find((une) => une !== ligne);
  if (precedente) precedente.hidden = false;
  quitter(ligne);
  ligne.remove();
}

const accorder = (etat) => etat.replace("_", " ").replace(/e$/, "é"); // le code d'un choix, et son mot
const BORNES = { debut: "début", fin: "fin", duree: "durée écrite", pause: "pause", reprise: "reprise" };

// Les mots que dira le serveur (`presenters/gestes.py`) ; le nom d'une phase, d'une voie est celui de la page.
export function phrase(cible, valeur) {
  const [genre, code, borne] = cible.split(":");
  const de = (quoi, mots) => `${quoi}\u00a0: ${mots}`;
  const lire = (selecteur) => document.querySelector(selecteur)?.textContent.trim();
  if (genre === "critere") return de(code, valeur ? accorder(valeur) : "plus rien");
  if (genre === "commentaire") return de(code, valeur ? "remarque" : "remarque retirée");
  if (genre === "question") return de(code, valeur ? "question posée" : "question retirée");
  if (genre === "competence_abordee") return de(code, valeur ? "abordée" : "non abordée");
  if (genre === "entretien") return valeur ? "Entretien noté" : "Entretien retiré";
  if (genre === "courrier") return valeur ? de("Courrier", valeur.motif || "sans motif") : "Courrier retiré";
  if (genre === "lieu") return de("Lieu", valeur || "effacé");
  if (genre === "alternative") {
    return valeur ? (lire(`button[name=alternative][value="${CSS.escape(valeur)}"]`) ?? de("Voie de l’épreuve", valeur)) : "Aucune voie";
  }
  const nom = lire(`button[name="${CSS.escape(`phase:${code}:debut`)}"]`)?.split(":")[1]?.trim() ?? `Phase ${code}`;
  if (borne === "pause" && valeur) return de(nom, `pause, ${valeur.motif}`);
  return de(nom, `${BORNES[borne]}${valeur === null ? " (retiré)" : ""}`);
}
