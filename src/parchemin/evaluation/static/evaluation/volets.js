// Un volet que son geste referme rend le focus à ce qui l'avait ouvert, ou à ce qui a pris sa place.

export function fermer(volet) {
  volet.hidePopover();
  const places = document.querySelectorAll(`[popovertarget="${volet.id}"], .si-en-pause`);
  [...places].find((un) => un.checkVisibility())?.focus();
}
