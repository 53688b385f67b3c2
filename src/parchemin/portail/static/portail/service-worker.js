// Le gardien hors ligne. Il garde la coquille et ce qu'elle charge, jamais une page de quelqu'un : les grilles sont dans le
// coffre chiffré de leur évaluateur (`evaluation/static/evaluation/appareil.js`). `VERSION` et `COQUILLE` viennent du serveur.

const NOM = `parchemin-${VERSION}`;
const PATIENCE = 8_000;
const SANS_RESEAU = [/^\/$/, /^\/ma-journee\/$/, /^\/epreuves\/[0-9a-f-]{36}\/grille\/$/];
const COQUILLE_HTML = "/hors-ligne/";

addEventListener("install", (evenement) => {
  const garder = async () => (await caches.open(NOM)).addAll(COQUILLE.map((url) => new Request(url, { cache: "reload" })));
  evenement.waitUntil(garder().then(() => skipWaiting()));
});

addEventListener("activate", (evenement) => {
  const nettoyer = async () => {
    for (const nom of await caches.keys()) if (nom.startsWith("parchemin-") && nom !== NOM) await caches.delete(nom);
    await clients.claim();
  };
  evenement.waitUntil(nettoyer());
});

addEventListener("fetch", (evenement) => {
  const { request } = evenement;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && SANS_RESEAU.some((forme) => forme.test(url.pathname))) {
    evenement.respondWith(naviguer(request));
  } else if (COQUILLE.includes(url.pathname)) {
    evenement.respondWith(charger(request, url.pathname));
  }
});

// Le réseau d'abord. S'il manque, s'il traîne, ou si le serveur est en panne : ce qui est gardé.
const naviguer = (request) => ouGarde(Promise.race([entiere(request), attendre()]), COQUILLE_HTML);
const charger = (request, chemin) => ouGarde(entiere(request), chemin);

async function ouGarde(venue, chemin) {
  const reponse = await venue.catch(() => null);
  if (reponse && reponse.status < 500) return reponse;
  return (await caches.match(chemin)) ?? reponse ?? Response.error();
}

// La réponse, lue jusqu'au bout : coupée en route, elle manque, et ce qui est gardé ici prend sa place.
async function entiere(request) {
  const reponse = await fetch(request);
  if (reponse.type !== "basic") return reponse; // une redirection : le navigateur la suivra
  const { status, statusText, headers } = reponse;
  return new Response(await reponse.blob(), { status, statusText, headers });
}

function attendre() {
  return new Promise((suite) => setTimeout(suite, PATIENCE));
}
