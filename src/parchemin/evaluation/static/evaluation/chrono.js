// Le temps d'une phase en cours, à la seconde. Rien ne se mesure ici : la durée qui compte est celle des faits.

function battre() {
  for (const chrono of document.querySelectorAll("[data-parchemin-chrono]:not([data-parchemin-chrono=''])")) {
    const secondes = Math.max(0, Math.floor((Date.now() - Number(chrono.dataset.parcheminChrono)) / 1000));
    chrono.textContent = `${Math.floor(secondes / 60)}:${String(secondes % 60).padStart(2, "0")}`;
  }
}

setInterval(battre, 1000);
