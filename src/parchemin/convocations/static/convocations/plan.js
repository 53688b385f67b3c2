// Déplacer une épreuve du plan en la glissant, ou au clavier : on envoie le même formulaire que sa page. Ce qui s'oppose à sa
// nouvelle place, c'est le serveur qui le dit.
const plan = document.querySelector("[data-parchemin-plan-version]");
const annonce = document.getElementById("plan-annonce");
const zones = plan ? [...plan.querySelectorAll("[data-parchemin-plan-zone]")] : [];
const BORD = 72; // pixels du haut et du bas de la fenêtre où tenir une épreuve fait défiler
const PAS = 12; // pixels par image
let point = null;
let tenue = null;
let visee = null;

const nomDe = (zone) => zone.dataset.parcheminPlanZone;
const dire = (mots) => { annonce.textContent = mots; };

function viser(zone) {
  visee?.classList.remove("visee");
  visee = zone;
  visee?.classList.add("visee");
}

function prendre(epreuve) {
  tenue = epreuve;
  tenue.classList.add("tenue");
}

function lacher() {
  tenue?.classList.remove("tenue");
  tenue = null;
  point = null;
  viser(null);
}

function zoneSous({ clientX, clientY }) {
  return document.elementFromPoint(clientX, clientY)?.closest("[data-parchemin-plan-zone]") ?? null;
}

// Tant qu'on tient l'épreuve près d'un bord, la page défile : une zone hors de la fenêtre s'atteint sans lâcher.
function defiler() {
  if (!tenue || !point) return;
  const sens = point.clientY < BORD ? -1 : point.clientY > innerHeight - BORD ? 1 : 0;
  if (sens) {
    scrollBy({ top: sens * PAS, behavior: "instant" });
    viser(zoneSous(point));
  }
  requestAnimationFrame(defiler);
}

function poser() {
  const [epreuve, zone] = [tenue, visee];
  if (!zone || zone.contains(epreuve)) return lacher();
  const ici = epreuve.closest("[data-parchemin-plan-zone]").dataset;
  const voulu = {
    csrfmiddlewaretoken: document.querySelector("[data-parchemin-jeton] [name=csrfmiddlewaretoken]").value,
    version: plan.dataset.parcheminPlanVersion,
    jour: zone.dataset.jour,
    salle: zone.dataset.salle,
    metier: zone.dataset.metier ?? ici.metier,
    certificateur: zone.dataset.certificateur ?? ici.certificateur,
  };
  dire(`Mise en place : ${nomDe(zone)}.`);
  envoyer(epreuve.dataset.url, voulu);
}

function envoyer(url, voulu) {
  const formulaire = Object.assign(document.createElement("form"), { method: "post", action: url, hidden: true });
  for (const [name, value] of Object.entries(voulu)) {
    formulaire.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(formulaire);
  formulaire.submit();
}

function auClavier(touche) {
  const pas = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[touche.key];
  if (!tenue) return;
  if (pas) {
    touche.preventDefault();
    const rang = (zones.indexOf(visee) + pas + zones.length) % zones.length;
    viser(zones[rang]);
    visee.scrollIntoView({ block: "nearest" });
    dire(nomDe(visee));
  } else if (touche.key === "Escape" || touche.key === "Tab") {
    dire("Déplacement abandonné.");
    lacher();
  }
}

function poignee(epreuve) {
  const bouton = document.createElement("button");
  const nom = epreuve.dataset.parcheminPlanEpreuve;
  Object.assign(bouton, { type: "button", className: "plan-poignee", textContent: "Glisser", ariaLabel: `Glisser : ${nom}` });
  bouton.addEventListener("click", (clic) => {
    if (clic.detail !== 0) return; // une souris : c'est le glissement qui compte
    if (tenue === epreuve) return poser();
    lacher();
    prendre(epreuve);
    viser(epreuve.closest("[data-parchemin-plan-zone]"));
    dire(`${nom} : flèches pour choisir où, Entrée pour poser, Échap pour abandonner.`);
  });
  bouton.addEventListener("keydown", auClavier);
  bouton.addEventListener("pointerdown", (appui) => {
    if (appui.button !== 0) return;
    bouton.setPointerCapture(appui.pointerId);
    lacher();
    prendre(epreuve);
  });
  bouton.addEventListener("pointermove", (geste) => {
    if (tenue !== epreuve || !bouton.hasPointerCapture(geste.pointerId)) return;
    if (!point) requestAnimationFrame(defiler);
    point = geste;
    viser(zoneSous(geste));
  });
  bouton.addEventListener("pointerup", (geste) => {
    if (bouton.hasPointerCapture(geste.pointerId)) poser();
  });
  bouton.addEventListener("pointercancel", lacher);
  epreuve.append(bouton);
}

for (const epreuve of plan?.querySelectorAll("[data-parchemin-plan-epreuve]") ?? []) poignee(epreuve);

// Pendant que le plan se fait, on relit la page de temps en temps : jamais sous les doigts de qui s'en sert.
if (document.querySelector("[data-parchemin-plan-suivre]")) {
  setInterval(() => {
    if (!document.hidden && document.activeElement === document.body) location.reload();
  }, 5000);
}
