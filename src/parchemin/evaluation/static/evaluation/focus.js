// Où va le focus quand ce qui le tenait disparaît : la touche suivante doit agir là où l'on est.

const visibles = (racine, selecteur = "button, summary, a") => [...racine.querySelectorAll(selecteur)].filter((un) => un.checkVisibility());

// Un morceau relu a pris la place de l'ancien : le même bouton, ou ce qui lui ressemble le plus.
export function rendre(actif, nouveau) {
  const pareils = visibles(nouveau, actif.tagName);
  const meme = (...cles) => pareils.find((un) => cles.every((cle) => un[cle] === actif[cle]));
  const genre = ({ name = "" }) => name.split(":")[0];
  const proche = meme("name", "value", "href", "textContent") ?? meme("name", "value") ?? meme("name");
  const place = proche ?? pareils.find((un) => genre(un) === genre(actif)) ?? visibles(nouveau, "summary")[0] ?? visibles(nouveau)[0];
  (place ?? document.getElementById("contenu")).focus({ preventScroll: !place });
}

// Une ligne va quitter sa liste : la suivante, sinon celle d'avant, sinon ce qui ferme la liste.
export function quitter(ligne) {
  if (!ligne.contains(document.activeElement)) return;
  const lignes = [...ligne.parentElement.children];
  const rang = lignes.indexOf(ligne);
  const [voisine] = [...lignes.slice(rang + 1), ...lignes.slice(0, rang).reverse()].flatMap((une) => visibles(une));
  const issue = () => ligne.closest("[popover]")?.querySelector(".volet-fermer") ?? ligne.closest("details")?.querySelector("summary");
  (voisine ?? issue() ?? document.getElementById("contenu")).focus();
}

// Un bouton de phase s'est peut-être caché sous la touche : le geste qui suit.
export function retrouver(actif) {
  if (actif.checkVisibility() || ![actif, document.body].includes(document.activeElement)) return;
  const places = [".phase-gestes button", ".mesures-gestes button:not(.hors-vue)", "#gestes-du-bas a"];
  places.flatMap((selecteur) => visibles(document, selecteur))[0]?.focus();
}
