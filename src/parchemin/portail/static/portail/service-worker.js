// Le gardien hors ligne. Il garde la coquille et ce qu'elle charge, jamais une page de quelqu'un : les grilles sont dans le
// coffre chiffré de leur évaluateur (`evaluation/static/evaluation/appareil.js`). `VERSION` et `COQUILLE` viennent du serveur.

const NOM = `parchemin-${VERSION}`;
const PATIENCE = 8_000;
const PATIENCE_DES_FICHIERS = 2_500; // une page en demande plusieurs, l'un après l'autre
const LENTEUR = 20_000; // le temps pendant lequel un réseau qui vient de faire attendre n'en fait plus attendre d'autre
const SANS_RESEAU = [/^\/$/, /^\/ma-journee\/$/, /^\/epreuves\/[0-9a-f-]{36}\/grille\/$/];
// Ce qui se télécharge : une page n'en tient pas lieu.
const FICHIER = /\.\w+$|\/(fichier|exporter)\/$|^\/papier\/feuilles\//;
const COQUILLE_HTML = "/hors-ligne/";

addEventListener("install", (evenement) => {
  const garder = async () => (await caches.open(NOM)).addAll(COQUILLE.map((url) => new Request(url, { cache: "reload" })));
  evenement.waitUntil(garder().then(() => skipWaiting()));
});

addEventListener("activate", (evenement) => {
  const nettoyer = async () => {
    const anciens = (await caches.keys()).filter((nom) => nom.startsWith("parchemin-") && nom !== NOM);
    for (const nom of anciens.slice(0, -1)) await caches.delete(nom); // une page ouverte avant la mise à jour sert encore du dernier
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
  } else if (COQUILLE.includes(url.pathname) || url.pathname.startsWith("/static/evaluation/")) {
    evenement.respondWith(charger(request, url.pathname));
  } else if (request.mode === "navigate" && request.destination === "document" && !FICHIER.test(url.pathname)) {
    evenement.respondWith(ailleurs(request));
  }
});

// Le réseau d'abord. S'il manque, s'il traîne, ou si le serveur est en panne : ce qui est gardé. Un fichier que le serveur n'a plus
// est celui d'une version d'avant, qu'une page encore ouverte demande. Un réseau muet fait attendre la page, pas chacun de ses fichiers.
const naviguer = (request) => ouGarde(request, COQUILLE_HTML, PATIENCE, ({ status }) => status < 500);
const charger = (request, chemin) => ouGarde(request, chemin, Date.now() < lentJusque ? 0 : PATIENCE_DES_FICHIERS, ({ ok }) => ok);

let lentJusque = 0;

async function ouGarde(request, chemin, patience, bonne) {
  const venue = entiere(request).catch(() => null);
  const reponse = await Promise.race([venue, attendre(patience)]);
  if (reponse !== undefined) lentJusque = 0;
  else if (patience) lentJusque = Date.now() + LENTEUR;
  if (reponse && bonne(reponse)) return reponse;
  return (await deLaCoquille(chemin)) ?? (await venue) ?? Response.error();
}

// Une page que l'appareil ne garde pas vient du réseau, telle quelle. S'il la refuse, la coquille dit pourquoi, et ce qui est gardé ici.
const ailleurs = (request) => fetch(request).catch(async () => (await deLaCoquille(COQUILLE_HTML)) ?? Response.error());

const deLaCoquille = async (chemin) => (await caches.match(chemin, { cacheName: NOM })) ?? caches.match(chemin);

// La réponse, lue jusqu'au bout : coupée en route, elle manque, et ce qui est gardé ici prend sa place.
async function entiere(request) {
  const reponse = await fetch(request);
  if (reponse.type !== "basic") return reponse; // une redirection : le navigateur la suivra
  const { status, statusText, headers } = reponse;
  return new Response(await reponse.blob(), { status, statusText, headers });
}

function attendre(ms) {
  return new Promise((suite) => setTimeout(suite, ms));
}
