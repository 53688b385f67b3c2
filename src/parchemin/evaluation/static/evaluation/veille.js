// Sur toute page d'une personne connectée : envoyer ce qui attend encore sur cet appareil, et ne rien perdre à la déconnexion.

const personne = document.querySelector("[data-parchemin-personne]")?.dataset.parcheminPersonne;
const PATIENCE = 2_000;
const SANS_VERROUS = "Ce navigateur ne sait pas tout effacer : votre nom et un coffre vide restent sur cet appareil. S’il est partagé, effacez ensuite les données de ce site.";
const jeton = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value;

// Un onglet n'ouvre plus, sans réseau, le coffre de la personne d'avant.
try {
  if (personne && !sessionStorage.getItem("parchemin-onglet")?.startsWith(`${personne},`)) sessionStorage.removeItem("parchemin-onglet");
} catch {}

// Les pages qui envoient elles-mêmes (la grille, « Ma journée ») n'ont pas besoin de la veille.
if (personne && jeton() && !document.querySelector("[data-parchemin-grille], [data-parchemin-jeton]")) veiller().catch(() => {});

// Une lecture scellée n'a plus rien à garder ici : sa grille s'efface, dès qu'une page le sait.
for (const { dataset } of document.querySelectorAll("[data-parchemin-scellee]")) effacer(dataset.parcheminScellee).catch(() => {});

async function effacer(epreuve) {
  if (personne && (await connue())) await (await import("./preparation.js")).oterPage({ personne }, epreuve);
}

async function veiller() {
  if (!(await connue())) return;
  const { apprendre, gestesDe, tenir } = await import("./preparation.js");
  const epreuves = new Set((await gestesDe(personne)).map(({ epreuve }) => epreuve));
  if (!epreuves.size) return;
  const [{ ouvrirLeCoffre }, { ouvrirFile }] = await Promise.all([import("./appareil.js"), import("./envoi.js")]);
  const coffre = ouvrirLeCoffre(personne, { jeton: jeton() }).catch(() => null);
  coffre.then((ouvert) => ouvert && tenir(ouvert));
  const rien = () => {};
  for (const epreuve of epreuves) {
    const recus = async (faits) => apprendre(await coffre, epreuve, faits);
    const nouvelles = { etat: rien, gardes: rien, recus, refus: rien, vide: rien, jetonPerime: () => "" };
    ouvrirFile({ adresse: `/epreuves/${epreuve}/faits`, personne, epreuve, coffre, rangConnu: () => 0, jeton, nouvelles });
  }
}

// Sans la créer : tous les navigateurs ne savent pas nommer leurs bases.
function connue() {
  return new Promise((oui) => {
    const demande = indexedDB.open("parchemin");
    demande.onupgradeneeded = () => demande.transaction.abort();
    demande.onerror = () => oui(false);
    demande.onsuccess = () => {
      demande.result.close();
      oui(true);
    };
  });
}

// --- Se déconnecter : ce qui attend encore reste, et ce qui est à une autre personne ne s'efface pas ----------------------

for (const formulaire of document.querySelectorAll("form[data-parchemin-deconnexion]")) {
  formulaire.addEventListener("submit", async (evenement) => {
    evenement.preventDefault();
    // La base ne répond pas, ou refuse : on se déconnecte, et l'on n'efface rien.
    const question = await Promise.race([aDire(), sansReponse("")]).catch(() => "");
    if (question && !confirm(`${question} Se déconnecter quand même ?`)) return;
    const vide = await Promise.race([quitter(), sansReponse(false)]).catch(() => false);
    formulaire.elements.rien_en_attente.value = vide ? "1" : "";
    formulaire.submit();
  });
}

const sansReponse = (valeur) => new Promise((suite) => setTimeout(suite, PATIENCE, valeur));

// Ce qui restera ici de cette personne. Ce qui est à une autre ne la regarde pas.
async function aDire() {
  if (!(await connue())) return "";
  const restants = (await (await import("./preparation.js")).gestesDe(personne)).length;
  if (restants) return phrase(restants);
  return navigator.locks ? "" : SANS_VERROUS;
}

// Rend vrai si cet appareil ne garde plus rien.
async function quitter() {
  return !(await connue()) || (await import("./preparation.js")).refermer(personne);
}

function phrase(nombre) {
  if (nombre < 2) return "1 geste n’est pas encore envoyé. Il reste gardé sur cet appareil, chiffré, pour votre retour.";
  return `${nombre} gestes ne sont pas encore envoyés. Ils restent gardés sur cet appareil, chiffrés, pour votre retour.`;
}
