// A page that was opened from the disk may start no worker: for the search a hidden frame runs its script.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      const frame = document.createElement("iframe")
      frame.hidden = true
      document.body.append(frame)
      const inner = frame.contentWindow
      inner.postMessage = data => this.dispatchEvent(new MessageEvent("message", { data }))
      inner.importScripts = (...urls) => urls.map(each => this.load(inner, each))
      this.ready = this.load(inner, url)
      this.inner = inner
    }

    load(inner, url) {
      return new Promise((resolve, reject) => {
        const script = inner.document.createElement("script")
        Object.assign(script, { src: new URL(url, location), onload: resolve, onerror: reject })
        inner.document.body.append(script)
      })
    }

    postMessage(data) {
      this.ready.then(() => this.inner.dispatchEvent(new MessageEvent("message", { data })))
    }

    set onmessage(heard) {
      this.addEventListener("message", heard)
    }

    terminate() {}
  }
}
