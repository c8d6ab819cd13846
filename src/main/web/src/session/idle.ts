/** When a person last did something on this page. What the page asks by itself tells it, so that nobody's absence keeps a session open. */
let touched = Date.now();

const touch = () => {
  touched = Date.now();
};
for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) window.addEventListener(kind, touch, { capture: true, passive: true });

/** In whole seconds. */
export const idleFor = () => Math.max(0, Math.floor((Date.now() - touched) / 1000));
