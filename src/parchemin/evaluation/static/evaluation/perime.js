// Ce que la page disait, et qu'un geste vient de démentir avant que le serveur ne la redise. Rien ne se calcule ici : cela se cache, ou se
// dit à jour au retour du réseau.

import { charger } from "./affichage.js";

const [{ quitter, retrouver }, { avertir }] = await Promise.all(["focus", "remarques"].map((nom) => charger(`./${nom}.js`)));

// `actif` : ce qui tenait le focus au moment du geste.
export function perimer({ cible, valeur }, actif) {
  const [genre, code] = cible.split(":");
  if (genre === "critere") redire(document.getElementById(code.replaceAll(".", "-")), valeur);
  for (const [quoi, cachee] of [["retirer", valeur === null], ["reprendre", true]]) {
    const ligne = document.querySelector(`button[name="${CSS.escape(`${quoi}:${cible}`)}"]`)?.closest("ul > li");
    if (!ligne) continue;
    if (cachee) quitter(ligne);
    ligne.hidden = cachee;
  }
  retrouver(actif);
}

// « À poser en question » ne vaut que d'un critère non observé ; ce qu'il ne faut pas écrire dans une remarque vaut toujours. Une rangée
// de points suit le seuil : le serveur la redira.
function redire(critere, valeur) {
  const indication = critere?.querySelector(".critere-indication");
  if (indication) indication.hidden = valeur !== "non_observe" && !imprudente(critere.querySelector("textarea"));
  const competence = critere?.closest(".critere-bloc")?.dataset.competence;
  const rangee = document.getElementById(`compte-${competence}`);
  if (!rangee?.querySelector("svg") || rangee.dataset.perimee !== undefined) return;
  rangee.dataset.perimee = "";
  rangee.append(Object.assign(document.createElement("span"), { className: "compte-a-jour", textContent: "à jour au retour du réseau" }));
}

function imprudente(remarque) {
  return remarque && avertir(remarque.value, JSON.parse(document.getElementById("grille-reglages").textContent).prudence);
}
