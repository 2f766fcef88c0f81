// Words in drawings: axe-core cannot tell what is behind them, so that they are measured here.

/** Words in a drawing stand out from the ground of the page by 7:1 (1.4.6), and are at least 12 px high. */
export function wordsInDrawings(page) {
  return page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
    /** A colour of CSS, in whatever notation, as red, green, blue and how much it covers, 0 to 255. */
    const parts = (colour) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const linear = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    const lightness = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    const ground = (element) => {
      for (let box = element; box; box = box.parentElement) {
        const colour = parts(getComputedStyle(box).backgroundColor);
        if (colour[3] === 255) return colour;
      }
      return parts('Canvas');
    };
    return [...document.querySelectorAll('svg text')].filter((text) => text.checkVisibility()).flatMap((text) => {
      const [light, dark] = [parts(getComputedStyle(text).fill), ground(text)].map(lightness).sort((a, b) => b - a);
      const ratio = (light + 0.05) / (dark + 0.05);
      const { height } = text.getBoundingClientRect();
      const what = `“${text.textContent}” in a drawing`;
      return [...(ratio < 7 ? [`${what}: contrast ${ratio.toFixed(1)}, less than 7`] : []), ...(height < 12 ? [`${what}: ${height.toFixed(1)} px high, less than 12`] : [])];
    });
  });
}
