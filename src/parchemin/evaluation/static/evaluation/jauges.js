// Ce qui se compte à l'écran sans attendre la réponse : les jauges des conditions, les critères renseignés.

import { choisie } from "./affichage.js";

// Un courrier compte s'il dit ce que le référentiel exige de lui : la page le porte, le serveur le redira.
const compte = new Map();

export function compter(genre, cible, valeur) {
  const place = document.querySelector(`[data-parchemin-compte="${genre}"]`);
  if (place?.dataset.voies) return situer(place, cible, valeur);
  const exige = place?.dataset.exige.split(" ").filter(Boolean) ?? [];
  const avant = compte.get(cible) ?? valeur === null;
  const apres = valeur !== null && exige.every((cle) => valeur[cle]);
  compte.set(cible, apres);
  ajouter(genre, Number(apres) - Number(avant));
}

// Un entretien a une voie, et compte ou non dans celle que l'on a choisie : la page en porte la table.
function situer(place, cible, valeur) {
  const voies = JSON.parse(place.dataset.voies);
  if (valeur) voies[cible] = valeur.alternative ?? "";
  else delete voies[cible];
  place.dataset.voies = JSON.stringify(voies);
  compterParVoie();
}

function compterParVoie() {
  const place = document.querySelector("[data-voies]");
  if (!place) return;
  const [voies, comptent] = [place.dataset.voies, place.dataset.comptent].map((texte) => JSON.parse(texte));
  const ici = choisie("alternative") ?? "";
  remplir(place, Object.values(voies).filter((voie) => comptent[voie].includes(ici)).length);
}

export function ajouter(genre, un) {
  for (const place of document.querySelectorAll(`[data-parchemin-compte="${genre}"]`)) {
    remplir(place, Math.max(0, Number.parseInt(place.querySelector(".jauge-compte").textContent, 10) + un));
  }
}

// Une phase qui n’a pas de durée n’a pas de jauge.
export function remplir(place, total) {
  const jauge = place.querySelector("progress");
  if (!jauge) return;
  const compte = place.querySelector(".jauge-compte");
  const texte = compte.textContent.replace(/\d+/, total);
  if (texte === compte.textContent) return; // la coche du serveur reste
  compte.textContent = texte;
  jauge.value = total;
  jauge.closest(".jauge").classList.toggle("jauge-atteinte", total >= jauge.max);
}

// Un critère qui change de choix change ces comptes, réseau ou non.
new MutationObserver(recompter).observe(document.getElementById("grille"), { subtree: true, attributeFilter: ["aria-pressed"] });
recompter();

function recompter() {
  const blocs = [...document.querySelectorAll(".critere-bloc")];
  const renseignes = blocs.filter((bloc) => bloc.querySelector('.choix [aria-pressed="true"]'));
  const quoi = renseignes.length < 2 ? "critère renseigné" : "critères renseignés";
  document.getElementById("resume").textContent = `${renseignes.length}\u00a0${quoi} sur ${blocs.length}`;
  for (const place of document.querySelectorAll("[data-parchemin-renseignes]")) {
    const [faits, tous] = [renseignes, blocs].map((des) => des.filter((bloc) => bloc.dataset.competence === place.dataset.parcheminRenseignes).length);
    place.textContent = `${faits} sur ${tous} ${tous < 2 ? "renseigné" : "renseignés"}`;
  }
  compterParVoie();
  const voie = document.querySelector('button[name="alternative"][aria-pressed="true"]');
  const place = document.querySelector("[data-parchemin-voie]"); // une page gardée d'avant ne l'a pas
  if (voie && place) place.textContent = voie.textContent.trim();
}
