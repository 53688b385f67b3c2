// Ce qui aide à noter, sans rien noter : le clavier, la recherche, les remarques. Et tout ce que la grille charge au besoin, chargé
// d'avance dès le premier geste : le réseau peut manquer au deuxième.

const RESTE = [
  "./annulation.js",
  "./chrono.js",
  "./depart.js",
  "./entretien.js",
  "./focus.js",
  "./jauges.js",
  "./perime.js",
  "./raccourcis.js",
  "./recherche.js",
  "./refus.js",
  "./rejet.js",
  "./relecture.js",
  "./remarques.js",
];

export function precharger(charger) {
  for (const module of RESTE) charger(module).catch(() => {}); // le besoin le redemandera
}

export async function aider(evenement, outils) {
  const { target: cible, type } = evenement;
  const appeler = async (module, nom, quoi) => (await outils.charger(module).catch(() => null))?.[nom](quoi, outils);
  if (type === "keydown") {
    if (outils.touche(evenement)) await appeler("./raccourcis.js", "presser", evenement);
  } else if (cible.id === "recherche") {
    if (type === "input") await appeler("./recherche.js", "chercher", cible);
  } else if (type === "click") {
    await devoiler(cible.closest('a[href^="#"]'), appeler);
  } else if (cible.matches?.("details.mot[open], textarea")) {
    await appeler("./remarques.js", "aider", cible.closest("details"));
  }
}

// Un lien vers un champ replié le déplie, d'où qu'on le suive.
async function devoiler(lien, appeler) {
  const place = lien && document.getElementById(lien.hash.slice(1));
  const pli = place?.closest("details");
  if (!pli) return;
  if (pli.closest(".vue-questions")) await appeler("./entretien.js", "passer", "");
  pli.open = true;
  place.focus();
}
