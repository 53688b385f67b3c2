// La grille au clavier. Les flèches vont d'un critère à l'autre ; les touches seules se coupent dans « Ma façon de noter ».
// Leur liste est au serveur (`presenters/touches.py`) : la page les retient d'après elle, aucune ne s'écrit dans le champ qu'elle ouvre.

export const SEULES = {
  1: () => choix("v"),
  2: () => choix("n"),
  3: () => choix("o"),
  r: remarquer,
  z: () => document.querySelector('.barre-basse button[name="annuler"]'),
  e: () => document.querySelector('button[value="entretien"]'),
  c: () => document.querySelector('[popovertarget="courrier"]'),
  p: () => [...document.querySelectorAll(".si-en-pause, .si-en-cours")].find((bouton) => bouton.checkVisibility()),
  q: () => [...document.querySelectorAll("[data-parchemin-vue]")].find((lien) => lien.checkVisibility()),
  "/": () => document.getElementById("recherche").focus(),
  "?": () => document.querySelector('[popovertarget="raccourcis"]'),
};

const ici = () => document.activeElement.closest(".critere-bloc");
const choix = (forme) => ici()?.querySelector(`.choix-${forme}`);

export function presser(evenement, { reglages }) {
  if (document.querySelector("[popover]:popover-open")) return;
  const sens = { ArrowDown: 1, ArrowUp: -1 }[evenement.key];
  const cote = { ArrowRight: 1, ArrowLeft: -1 }[evenement.key];
  const touche = [evenement.key.toLowerCase(), chiffre(evenement)].find((une) => une in SEULES);
  if (sens) suivre(sens);
  else if (cote && document.activeElement.closest(".choix")) glisser(cote);
  else if (!reglages().raccourcis) return;
  else if (touche) actionner(SEULES[touche]());
}

// « & », « é », « " » : sur un clavier français sans pavé, un chiffre demande Majuscule. Sa place suffit, sauf avec AltGr.
function chiffre(evenement) {
  return evenement.getModifierState("AltGraph") ? "" : evenement.code.replace("Digit", "");
}

// Un volet qui s'ouvre prend le focus ; fermé, il le rend.
function actionner(cible) {
  cible?.click();
  const volet = document.getElementById(cible?.getAttribute("popovertarget"));
  volet?.querySelector("button, input, a")?.focus();
}

// Le même choix, au critère suivant ; de nulle part, le premier qui n'est pas renseigné.
function suivre(sens) {
  const blocs = [...document.querySelectorAll(".critere-bloc")].filter((bloc) => bloc.checkVisibility());
  const rang = blocs.indexOf(ici());
  const neuf = blocs.find((bloc) => !bloc.querySelector("[aria-pressed=true]")) ?? blocs[0];
  const bloc = rang < 0 ? neuf : blocs[rang + sens];
  const forme = [...document.activeElement.classList].find((nom) => nom.startsWith("choix-")) ?? "choix-v";
  (bloc?.querySelector(`.${forme}`) ?? bloc?.querySelector("button"))?.focus();
}

function glisser(cote) {
  const boutons = [...document.activeElement.parentElement.children];
  boutons[boutons.indexOf(document.activeElement) + cote]?.focus();
}

function remarquer() {
  const mot = ici()?.querySelector("details.mot");
  if (!mot) return;
  mot.open = true;
  setTimeout(() => mot.querySelector("textarea").focus()); // après la touche : elle ne s'écrit pas dans la remarque
}
