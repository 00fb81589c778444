// @xapi/cmi5 is published for browsers only; this is the one thing of a browser that it needs.
import XMLHttpRequest from "xhr2";

globalThis.XMLHttpRequest = XMLHttpRequest;
