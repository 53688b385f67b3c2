// Une remarque : ses phrases rapides, et ce qu'il ne faut pas y écrire. La règle vient du serveur (`socle/prudence.py`).

export function aider(mot, { reglages }) {
  const texte = mot.querySelector("textarea");
  if (!mot.querySelector(".phrases")) texte.before(proposer(texte, reglages().phrases));
  const dit = [plein(texte.value, texte.maxLength), avertir(texte.value, reglages().prudence)].filter(Boolean).join(" ");
  let alerte = mot.querySelector(".mot-alerte");
  if (!alerte) {
    alerte = Object.assign(document.createElement("p"), { className: "mot-alerte", role: "status" });
    texte.after(alerte);
  }
  if (alerte.textContent !== dit) alerte.textContent = dit;
}

// Le navigateur coupe ce qui dépasse sans le dire.
export function plein({ length: signes }, maximum) {
  const dit = `Ce texte est plein : ${maximum.toLocaleString("fr-FR")} signes au plus. Ce qui dépasse n’est pas gardé.`;
  return maximum > 0 && signes >= maximum ? dit : "";
}

export function avertir(texte, { signes, conseil }) {
  const trouves = signes.filter(([forme]) => new RegExp(forme).test(texte)).map(([, nom]) => nom);
  return trouves.length ? `Ce texte semble porter ${new Intl.ListFormat("fr").format(trouves)}. ${conseil}` : "";
}

const EN_MINUTES = "Non enregistré : écrivez cette durée en minutes entières, 20 par exemple.";

// Une durée que la grille n'admet pas ne part pas : la dernière reste, et le champ le dit.
export function juger(champ) {
  const faux = !champ.validity.valid;
  if (faux === (champ.ariaInvalid === "true")) return;
  champ.ariaInvalid = String(faux);
  const alerte = champ.parentElement.querySelector(".mot-alerte");
  if (!faux) alerte.remove();
  else champ.after(Object.assign(document.createElement("p"), { className: "mot-alerte", role: "alert", textContent: EN_MINUTES }));
}

// Un texte que l’on a laissé vide ne note rien : le champ le dit, et le volet reste ouvert.
export function reclamer(bouton) {
  const champ = bouton.previousElementSibling;
  const id = `${champ.id}-vide`;
  document.getElementById(id)?.remove(); // dite de nouveau, elle se lit de nouveau
  const quoi = bouton.value.startsWith("question") ? "la question" : "le motif";
  const textContent = `Rien n’est noté : écrivez d’abord ${quoi}.`;
  const alerte = Object.assign(document.createElement("p"), { id, className: "mot-alerte", role: "alert", textContent });
  champ.parentElement.after(alerte);
  champ.ariaInvalid = "true";
  champ.setAttribute("aria-describedby", id);
  champ.focus();
  const effacer = () => {
    alerte.remove();
    champ.ariaInvalid = null;
    champ.removeAttribute("aria-describedby");
  };
  champ.addEventListener("input", effacer, { once: true });
  champ.closest("[popover]")?.addEventListener("toggle", effacer, { once: true });
}

function proposer(texte, phrases) {
  const place = Object.assign(document.createElement("div"), { className: "phrases" });
  place.role = "group";
  place.ariaLabel = "Vos phrases";
  for (const phrase of phrases) {
    const bouton = Object.assign(document.createElement("button"), { type: "button", textContent: phrase });
    bouton.addEventListener("click", () => {
      texte.value = [texte.value.trim(), phrase].filter(Boolean).join(" ");
      texte.dispatchEvent(new Event("change", { bubbles: true }));
    });
    place.append(bouton);
  }
  return place;
}
