// Deux attentions, rien de plus : aller au résumé des erreurs, et prévenir avant de quitter une saisie non envoyée.

const reprises = document.querySelector("[data-parchemin-reprises]:not(.specimen *)");
if (reprises) reprises.focus();

const modifies = new Set();
for (const formulaire of document.querySelectorAll("form[data-parchemin-saisie]")) {
  formulaire.addEventListener("input", () => modifies.add(formulaire));
  formulaire.addEventListener("submit", () => modifies.delete(formulaire));
  formulaire.addEventListener("parchemin:garde", () => modifies.delete(formulaire)); // le serveur l'a, voir carnet/brouillon.js
}
addEventListener("beforeunload", (evenement) => {
  if (modifies.size > 0) evenement.preventDefault();
});
