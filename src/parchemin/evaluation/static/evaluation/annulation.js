// Chaque geste peut s'annuler, pas seulement le dernier : annuler est un geste de plus, qui rend la valeur d'avant. D'une
// même cible, seul le dernier geste se montre ; l'annuler découvre le précédent.
const lignesDe = (cible) => [...liste().children].filter((une) => une.lastElementChild.value === cible);
const liste = () => document.getElementById("liste-gestes");

export function inscrire(cible, avant, libelle) {
  for (const ligne of lignesDe(cible)) ligne.hidden = true;
  const ligne = document.createElement("li");
  const bouton = document.createElement("button");
  Object.assign(bouton, { className: "bouton-lien", name: "annuler", value: cible, textContent: "Annuler", ariaLabel: `Annuler ${libelle}` });
  bouton.setAttribute("form", "grille");
  bouton.dataset.avant = JSON.stringify(avant);
  ligne.append(Object.assign(document.createElement("span"), { textContent: libelle }), bouton);
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
