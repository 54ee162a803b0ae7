import type { Page } from '@playwright/test';

/**
 * Texts within an element that nobody can read in full: they stick out of the element, or are cut off by their own.
 * @param selector of the element, in CSS
 * @returns the first characters of each
 */
export function cutOff(page: Page, selector: string): Promise<string[]> {
  return page.evaluate(`(${search})(document.querySelector(${JSON.stringify(selector)}))`);
}

/** Runs in the page. What is at most a pixel wide is not shown, or is for those who listen. */
const search = `(root) => {
  const { left, right } = root.getBoundingClientRect();
  const holdsText = ({ childNodes }) =>
    [...childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '');
  const isCut = (each) =>
    getComputedStyle(each).overflowX !== 'visible' && each.scrollWidth > each.clientWidth + 1;
  return [...root.querySelectorAll('*')]
    .filter((each) => {
      const box = each.getBoundingClientRect();
      const sticksOut = box.left < left - 1 || box.right > right + 1;
      return box.width > 1 && holdsText(each) && (sticksOut || isCut(each));
    })
    .map((each) => each.textContent.slice(0, 40));
}`;
