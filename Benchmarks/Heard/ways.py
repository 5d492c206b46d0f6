"""Ways of a stream through a network: when each packet comes, if it comes, from a seed."""
import random

PACKET = 0.020
# What every way takes, in seconds.
LEAST = 0.010


def clean(_):
    return lambda index, sent: LEAST


def jitter(most):
    """Each packet is late by anything up to so many seconds, and so they overtake each other."""
    return lambda chance: lambda index, sent: LEAST + chance.uniform(0, most)


def exponential(mean):
    return lambda chance: lambda index, sent: LEAST + chance.expovariate(1 / mean)


def loss(part):
    return lambda chance: lambda index, sent: None if chance.random() < part else LEAST


def bursts(begins, goes_on):
    """Losses in a row (Gilbert): one begins with this chance, and goes on with that."""
    def way(chance):
        state = {"lost": False}

        def delay(index, sent):
            state["lost"] = chance.random() < (goes_on if state["lost"] else begins)
            return None if state["lost"] else LEAST
        return delay
    return way


def spikes(length, every):
    """The way stands still so long, now and then; what waited comes at once."""
    def way(chance):
        first = chance.uniform(0.5, 0.5 + every)

        def delay(index, sent):
            since = (sent - first) % every if sent >= first else every
            return LEAST + max(0.0, length - since)
        return delay
    return way


def wireless(chance):
    """A bad radio link: uneven, 2 % lost in rows, and it stands still for 40 to 200 ms at times."""
    lost = bursts(0.012, 0.4)(chance)
    stands = []
    moment = chance.expovariate(1.0)
    while moment < 60:
        stands.append((moment, moment + chance.uniform(0.04, 0.2)))
        moment = stands[-1][1] + chance.expovariate(1.0)

    def delay(index, sent):
        if lost(index, sent) is None:
            return None
        late = chance.expovariate(1 / 0.008)
        for begins, ends in stands:
            if begins <= sent < ends:
                late += ends - sent
        return LEAST + late
    return delay


WAYS = {
    "clean": clean,
    "clock +200 ppm": clean,
    "clock -200 ppm": clean,
    "jitter 20 ms": jitter(0.020),
    "jitter 40 ms": jitter(0.040),
    "jitter 80 ms": jitter(0.080),
    "exponential 15 ms": exponential(0.015),
    "loss 2 %": loss(0.02),
    "loss 5 %": loss(0.05),
    "loss 10 %": loss(0.10),
    "bursts": bursts(0.03, 0.55),
    "spikes 150 ms": spikes(0.150, 2.0),
    "wireless": wireless,
}
# How much faster the sender's clock runs than ours.
CLOCKS = {"clock +200 ppm": 200e-6, "clock -200 ppm": -200e-6}


def schedule(name, seed, packets):
    """When which packet comes: (seconds, index), in order of coming."""
    chance = random.Random(f"{name} {seed}")
    way = WAYS[name](chance)
    # Two beats never have the same phase.
    phase = chance.uniform(0, PACKET)
    came = []
    for index in range(packets):
        sent = index * PACKET / (1 + CLOCKS.get(name, 0)) + phase
        late = way(index, sent)
        if late is not None:
            came.append((sent + late, index))
    return sorted(came)
