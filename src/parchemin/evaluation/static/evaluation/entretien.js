// De la grille aux questions, et retour : les mêmes critères, rangés autrement. L'ordre est une table que donne le serveur
// (`reglages.rangs`, du moteur) ; il ne change pas pendant qu'on répond, seulement quand on y revient.

import { boutons, choisie } from "./affichage.js";

export async function passer(vue, { charger, formulaire, reglages }) {
  const questions = vue === "questions";
  const blocs = [...document.querySelectorAll(".critere-bloc")].sort(parCode);
  for (const bloc of blocs) document.querySelector(`[data-parchemin-criteres="${bloc.dataset.competence}"]`).append(bloc);
  if (questions) ranger(blocs, reglages().rangs);
  formulaire.classList.toggle("vue-questions", questions);
  const { pathname } = location;
  history.replaceState(null, "", questions ? `${pathname}?vue=questions` : pathname);
  await rechercher(charger);
  scrollTo(0, 0);
  const premier = [...document.querySelectorAll(".critere-bloc button")].find((un) => un.checkVisibility());
  const place = questions ? document.getElementById("titre-entretien") : (premier ?? document.getElementById("recherche"));
  place.focus({ preventScroll: true });
}

// Les critères ont changé de section : ce que la recherche y montre, aussi.
async function rechercher(charger) {
  const champ = document.getElementById("recherche");
  if (champ.value) (await charger("./recherche.js").catch(() => null))?.chercher(champ);
}

// Une question posée se montre pressée ; une question écrite sur place rejoint les autres.
export function questionner(nom, critere, texte) {
  const [bouton = nouvelle(nom, critere, texte)] = boutons(nom);
  if (!bouton) return;
  bouton.dataset.texte ??= bouton.value || bouton.textContent.trim();
  bouton.value = texte ? "" : bouton.dataset.texte;
  bouton.ariaPressed = String(Boolean(texte));
}

function nouvelle(nom, critere, texte) {
  const place = texte && document.getElementById(`questions-${critere}`);
  if (!place) return undefined;
  const bouton = Object.assign(document.createElement("button"), { className: "question", name: nom, textContent: texte });
  place.append(bouton);
  return bouton;
}

function ranger(blocs, rangs) {
  const place = document.querySelector("[data-parchemin-entretien]");
  const rangDe = ({ dataset: { parcheminBloc: code, competence } }) => {
    const abordee = boutons(`competence_abordee:${competence}`)[0]?.ariaPressed ?? "true";
    return rangs[abordee][choisie(`critere:${code}`) ?? ""];
  };
  const demandes = blocs.filter((bloc) => rangDe(bloc) !== null).sort((un, deux) => rangDe(un) - rangDe(deux));
  for (const bloc of demandes) {
    if (!bloc.querySelector(".autre-question")) bloc.append(autreQuestion(bloc.dataset.parcheminBloc));
    place.append(bloc);
  }
  document.querySelector("[data-parchemin-a-demander]").textContent = demandes.length
    ? `${demandes.length} à demander, dans cet ordre.`
    : "Rien à demander : tous les critères sont validés.";
}

const parCode = (un, deux) => un.dataset.parcheminBloc.localeCompare(deux.dataset.parcheminBloc, "fr", { numeric: true });

function autreQuestion(code) {
  const modele = document.querySelector("[data-parchemin-autre-question]");
  const place = document.createElement("div");
  place.innerHTML = modele.innerHTML.replaceAll("CODE", code);
  return place.firstElementChild;
}
