import CellKit

struct GRU: Cell {
  struct Cache {
    var x, hOld, z, r, g, rh: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let hOld = previous.h
    let z = sigmoid(p.Uz * hOld + p.Wz * x + p.bz)
    let r = sigmoid(p.Ur * hOld + p.Wr * x + p.br)
    let rh = r .* hOld
    let g = tanh(p.Uh * rh + p.Wh * x + p.bh)
    let h = g + z .* (hOld - g)
    return (Output(h: h), Cache(x: x, hOld: hOld, z: z, r: r, g: g, rh: rh))
  }

  static func backward(_ upstream: Output, _ m: Cache, _ p: Parameters) -> Gradients {
    let dh = upstream.h
    // h = z*hOld + (1-z)*g
    var dhOld = dh .* m.z
    let dz = dh .* m.hOld - dh .* m.g
    let dg = dh .* (1 - m.z)
    // candidate
    let dgPre = dg .* (1 - m.g .* m.g)
    let drh = p.Uh.T * dgPre
    let dr = drh .* m.hOld
    dhOld = dhOld + drh .* m.r
    // gates
    let dzPre = dz .* m.z .* (1 - m.z)
    let drPre = dr .* m.r .* (1 - m.r)
    dhOld = dhOld + p.Uz.T * dzPre
    dhOld = dhOld + p.Ur.T * drPre

    var out = Gradients()
    out.previous.h = dhOld
    out.x = p.Wh.T * dgPre + p.Wz.T * dzPre + p.Wr.T * drPre
    out.Wh = dgPre * m.x.T
    out.Uh = m.rh * dgPre.T
    out.bh = dgPre.sumOverColumns()
    out.Wz = dzPre * m.x.T
    out.Uz = dzPre * m.hOld.T
    out.bz = dzPre.sumOverColumns()
    out.Wr = drPre * m.x.T
    out.Ur = drPre * m.hOld.T
    out.br = drPre.sumOverColumns()
    return out
  }
}
