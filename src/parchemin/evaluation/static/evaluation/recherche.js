// Chercher un critère : par son code, ses mots ou ceux de sa compétence, sans accents ni majuscules.

const plier = (texte) => texte.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("œ", "oe").toLowerCase();

export function chercher(champ) {
  const mots = plier(champ.value).split(/\s+/).filter(Boolean);
  let trouves = 0;
  for (const bloc of document.querySelectorAll(".critere-bloc")) {
    const competence = document.getElementById(bloc.dataset.competence);
    const texte = plier(`${bloc.querySelector(".critere-libelle").textContent} ${competence.textContent}`);
    bloc.hidden = !mots.every((mot) => texte.includes(mot));
    trouves += !bloc.hidden;
  }
  for (const section of document.querySelectorAll(".competence")) {
    section.hidden = Boolean(mots.length) && !section.querySelector(".critere-bloc:not([hidden])");
  }
  const dit = `${trouves || "Aucun"} ${trouves < 2 ? "critère" : "critères"}`;
  document.querySelector("[data-parchemin-trouves]").textContent = mots.length ? dit : "";
}
