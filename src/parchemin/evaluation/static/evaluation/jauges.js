// Les jauges des conditions : entretiens, courriers, compétences abordées.

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
    const jauge = place.querySelector("progress");
    const total = Math.max(0, Number(place.dataset.total ?? jauge.value) + un);
    place.dataset.total = jauge.value = total;
    place.querySelector(".jauge-compte").textContent = `${total} sur ${jauge.max}`;
    place.firstElementChild.classList.toggle("jauge-atteinte", total >= jauge.max);
  }
}
