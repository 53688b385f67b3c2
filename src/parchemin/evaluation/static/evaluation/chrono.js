// Le temps de chaque phase, à la seconde, sur une horloge que l'heure affichée ne fait pas sauter. La durée qui compte est
// celle des faits.

function battre() {
  for (const phase of document.querySelectorAll(".phase:is([data-etat=en_cours], [data-etat=en_pause])")) {
    const { depuis, arret, pause, prevu } = phase.dataset;
    const instant = pause ? arret : performance.timeOrigin + performance.now();
    const secondes = Math.max(0, Math.floor((instant - depuis) / 1000));
    const minutes = Math.floor(secondes / 60);
    phase.querySelector("[data-parchemin-chrono]").textContent = `${minutes}:${String(secondes % 60).padStart(2, "0")}`;
    if (!prevu) continue;
    const ecart = prevu - minutes;
    phase.querySelector("[data-parchemin-reste]").textContent = ecart < 0 ? `dépassé de ${-ecart} min` : `reste ${ecart} min`;
  }
}

setInterval(battre, 1000);
