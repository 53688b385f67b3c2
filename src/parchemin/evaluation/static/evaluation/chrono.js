// Le temps de chaque phase, à la seconde, sur une horloge que l'heure affichée ne fait pas sauter. La durée qui compte est
// celle des faits.

import { plusTard } from "./affichage.js";

const maintenant = () => performance.timeOrigin + performance.now();

// Après un geste, ce que disent les bornes : `depuis`, d'où compte le chronomètre, pauses ôtées ; `arret`, où il s'est arrêté. La
// jauge d'une phase finie dit ce qu'elle a duré, ou les minutes que l'on a écrites.
export function mesurer(phase) {
  const d = phase.dataset;
  const bornes = JSON.parse(d.bornes);
  const otees = Object.entries(bornes).map(([nom, reprise]) => {
    const pause = nom.startsWith("reprise:") && bornes[nom.replace("reprise", "pause")];
    return pause && reprise ? reprise - pause : 0;
  });
  d.depuis = bornes.debut ? otees.reduce((somme, une) => somme + une, bornes.debut) : "";
  d.arret = (d.pause ? bornes[`pause:${d.pause}`] : bornes.fin) ?? "";
  const mesurees = d.depuis ? Math.max(0, Math.floor(((d.arret || maintenant()) - d.depuis) / 60_000)) : 0;
  plusTard("./jauges.js", "remplir", phase, bornes.duree ?? mesurees);
  rythmer();
}

function battre() {
  for (const phase of document.querySelectorAll(".phase:is([data-etat=en_cours], [data-etat=en_pause])")) {
    const { depuis, arret, pause, prevu } = phase.dataset;
    const instant = pause ? arret : maintenant();
    const secondes = Math.max(0, Math.floor((instant - depuis) / 1000));
    const minutes = Math.floor(secondes / 60);
    phase.querySelector("[data-parchemin-chrono]").textContent = `${minutes}:${String(secondes % 60).padStart(2, "0")}`;
    if (!prevu) continue;
    const ecart = prevu - minutes;
    phase.querySelector("[data-parchemin-reste]").textContent = ecart < 0 ? `dépassé de ${-ecart} min` : `reste ${ecart} min`;
  }
}

// En veille, cette horloge s'arrête : l'écran reste allumé tant qu'une phase court, si l'appareil le veut bien. Il reprend le verrou
// quand la page se cache : on le redemande à son retour.
let verrou;

async function veiller() {
  const court = Boolean(document.querySelector(".phase[data-etat=en_cours]")) && !document.hidden;
  if (court === Boolean(verrou)) return;
  const tenu = verrou;
  const neuf = court ? navigator.wakeLock?.request("screen").catch(() => null) : undefined;
  verrou = neuf;
  (await tenu)?.release();
  (await neuf)?.addEventListener("release", () => {
    if (verrou === neuf) verrou = undefined;
  });
}

function rythmer() {
  battre();
  veiller();
}

setInterval(rythmer, 1000);
document.addEventListener("visibilitychange", veiller);
veiller();
