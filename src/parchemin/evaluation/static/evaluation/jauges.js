// Ce qui se compte à l'écran sans attendre la réponse : les jauges des conditions, les critères renseignés.

// Un courrier compte s'il dit ce que le référentiel exige de lui : la page le porte, le serveur le redira.
const compte = new Map();

export function compter(genre, cible, valeur) {
  const exige = document.querySelector(`[data-parchemin-compte="${genre}"]`)?.dataset.exige.split(" ").filter(Boolean) ?? [];
  const avant = compte.get(cible) ?? valeur === null;
  const apres = valeur !== null && exige.every((cle) => valeur[cle]);
  compte.set(cible, apres);
  ajouter(genre, Number(apres) - Number(avant));
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
  jauge.value = total;
  compte.textContent = compte.textContent.replace(/\d+/, total);
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
  const voie = document.querySelector('button[name="alternative"][aria-pressed="true"]');
  const place = document.querySelector("[data-parchemin-voie]"); // une page gardée d'avant ne l'a pas
  if (voie && place) place.textContent = voie.textContent.trim();
}
