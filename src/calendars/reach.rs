//! Which network an address lies in (the special-purpose registries of RFC 6890, as of 2025).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where an address leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// To the open internet.
    Open,
    /// To this machine or a network that isn't open to all.
    Private,
    /// Nowhere that holds a calendar: this link, where clouds keep their machines' passwords (169.254.169.254), many
    /// at once, examples, and what is reserved.
    Never,
}

/// Where `address` leads. An IPv6 address with an IPv4 address in it leads where that one does.
pub fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => of_v4(address),
        IpAddr::V6(address) => of_v6(address),
    }
}

fn of_v4(address: Ipv4Addr) -> Reach {
    match address.octets() {
        [127, ..] | [10, ..] | [192, 168, ..] | [172, 16..=31, ..] | [100, 64..=127, ..] => Reach::Private,
        [0 | 224..=255, ..]
        | [169, 254, ..]
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 18 | 19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _] => Reach::Never,
        _ => Reach::Open,
    }
}

fn of_v6(address: Ipv6Addr) -> Reach {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let within = || {
        let ([g1, g2], [h1, h2]) = (g.to_be_bytes(), h.to_be_bytes());
        of_v4(Ipv4Addr::new(g1, g2, h1, h2))
    };
    match [a, b, c, d, e, f] {
        _ if address.is_loopback() => Reach::Private,
        // mapped, and translated by NAT64
        [0, 0, 0, 0, 0, 0xffff] | [0x64, 0xff9b, 0, 0, 0, 0] => within(),
        [0xfc00..=0xfdff, ..] => Reach::Private,
        // Teredo and 6to4 hold addresses of their own; the rest is for examples and protocols.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => Reach::Never,
        [0x2000..=0x3fff, ..] => Reach::Open,
        _ => Reach::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_address() {
        for (wanted, addresses) in [
            (
                Reach::Open,
                "8.8.8.8 52.97.1.1 172.15.0.1 172.32.0.1 100.63.0.1 100.128.0.1 169.253.0.1 192.0.1.1 \
              2a01:111::1 2001:4860::8888 ::ffff:8.8.8.8 64:ff9b::808:808",
            ),
            (
                Reach::Private,
                "127.0.0.1 127.255.0.1 10.1.2.3 172.16.0.1 172.31.9.9 192.168.0.1 100.64.0.1 ::1 fd00::1 \
              fc00::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1",
            ),
            (
                Reach::Never,
                "0.0.0.0 0.1.2.3 169.254.169.254 224.0.0.1 255.255.255.255 240.0.0.1 192.0.2.1 198.18.0.1 \
              198.51.100.1 203.0.113.1 192.0.0.1 :: fe80::1 fec0::1 ff02::1 2001:db8::1 2002:7f00:1::1 2001::1 3fff::1 \
              ::ffff:169.254.169.254 ::127.0.0.1 64:ff9b:1::1 100::1 5f00::1",
            ),
        ] {
            for address in addresses.split_whitespace() {
                assert_eq!(reach(address.parse().unwrap()), wanted, "{address}");
            }
        }
    }
}
