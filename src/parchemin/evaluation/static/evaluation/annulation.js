// Chaque geste peut s'annuler, pas seulement le dernier : annuler est un geste de plus, qui rend la valeur d'avant. D'une
// même cible, seul le dernier geste se montre ; l'annuler découvre le précédent.
const lignesDe = (cible) => [...liste().children].filter((une) => une.lastElementChild.value === cible);
const liste = () => document.getElementById("liste-gestes");

export function inscrire(cible, avant, dit, valeur) {
  const libelle = phrase(cible, valeur, dit);
  for (const ligne of lignesDe(cible)) ligne.hidden = true;
  const ligne = document.createElement("li");
  const bouton = document.createElement("button");
  Object.assign(bouton, { className: "bouton-lien", name: "annuler", value: cible, textContent: "Annuler", ariaLabel: `Annuler ${libelle}` });
  bouton.setAttribute("form", "grille");
  bouton.dataset.avant = JSON.stringify(avant);
  const heure = new Date().toLocaleTimeString("fr-FR", { hour: "numeric", minute: "2-digit" }).replace(":", "\u00a0h\u00a0");
  const quand = Object.assign(document.createElement("small"), { className: "discret", textContent: heure });
  ligne.append(Object.assign(document.createElement("span"), { textContent: libelle }), quand, bouton);
  liste().prepend(ligne);
}

export function annuler(celle, { poser }) {
  const ligne = celle ?? liste().firstElementChild;
  if (!ligne) return;
  const { value: cible, dataset } = ligne.lastElementChild;
  ligne.remove();
  const precedente = lignesDe(cible)[0];
  if (precedente) precedente.hidden = false;
  poser(cible, JSON.parse(dataset.avant));
}

const accorder = (etat) => etat.replace("_", " ").replace(/e$/, "é"); // le code d'un choix, et son mot
const BORNES = { debut: "commencé", fin: "fini", duree: "durée écrite", pause: "pause", reprise: "reprise" };

// Les mots que dira le serveur (`presenters/gestes.py`) ; `dit`, ceux du bouton s'il y en a un.
export function phrase(cible, valeur, dit) {
  const [genre, code, borne] = cible.split(":");
  const de = (quoi, mots) => `${quoi}\u00a0: ${mots}`;
  if (genre === "critere") return de(code, valeur ? accorder(valeur) : "plus rien");
  if (genre === "commentaire") return de(code, valeur ? "remarque" : "remarque retirée");
  if (genre === "question") return de(code, valeur ? "question posée" : "question retirée");
  if (genre === "competence_abordee") return de(code, valeur ? "abordée" : "non abordée");
  if (genre === "entretien") return valeur ? "Entretien noté" : "Entretien retiré";
  if (genre === "courrier") return valeur ? de("Courrier", valeur.motif || "sans motif") : "Courrier retiré";
  if (genre === "lieu") return de("Lieu", valeur || "effacé");
  if (genre === "alternative") return dit ?? de("Voie de l’épreuve", valeur ?? "aucune");
  if (borne === "pause" && valeur) return de("Pause", valeur.motif);
  return dit ?? de(`Phase ${code}`, `${BORNES[borne]}${valeur === null ? " (retiré)" : ""}`);
}
