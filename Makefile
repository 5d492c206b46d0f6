# What one does with ccterm. `make help` lists it; ARCHITECTURE.md says why things are as they are.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test check bench heard call install format docs goldens

PREFIX ?= /usr/local
DESTDIR ?=

# The desk alone needs two libraries; a call needs libre; the tests need the peers they hold us against.
DESK  := git libncurses-dev libyaml-dev libmosquitto-dev
LINE  := libre-dev librem-dev libssl-dev libpulse-dev libasound2-dev libopus-dev
# ccterm-cloud is the one program with Foundation in it, whose HTTP is libcurl's.
CLOUD := libcurl4-openssl-dev
TOOLS := python3 git
PEERS := libvterm-dev kamailio kamailio-tls-modules sip-tester tmux procps openssl \
         mosquitto mosquitto-clients nats-server pulseaudio pulseaudio-utils libasound2-plugins chromium \
         rtpengine-daemon baresip linphone-cli twinkle xvfb
# What the unpacked Asterisk and FreeSWITCH in CCTERM_PEERS stand on, and what unpacks them.
SYSTEMS := xz-utils libedit2 libjansson4 libsqlite3-0 libsrtp2-1 libssl3 libuuid1 libxml2 libxslt1.1 libcrypt1 \
         libstdc++6 zlib1g libcurl4 libjpeg62-turbo libopus0 libpcre2-8-0 libsndfile1 libspeex1 libspeexdsp1 \
         libtiff6 libtpl0
BENCH := vim htop mosquitto mosquitto-clients pulseaudio pulseaudio-utils chromium baresip
# What is spoken where calls are heard: a recorded voice, and one that is made.
VOICES := asterisk-core-sounds-en-wav flite python3-venv python3-dev gcc
HEARD := .build/heard/venv

# One binary that starts in milliseconds and needs no Swift where it runs.
RELEASE := swift build -c release --static-swift-stdlib $$(scripts/link-flags)
BIN := .build/release
PROGRAMS := ccterm ccterm-line-sip ccterm-line-sdk ccterm-cloud
# There is no XCTest here; its empty run would only hide the closing lines of the real one.
# Tests that wait for real programs hold a thread: more than a few at once would starve the others.
TEST := SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4 swift test --disable-xctest
# SANITIZE=address, beside ONLY=CCLineSIPTests: the same tests with memory that is watched.
SANITIZE ?=
ifneq ($(SANITIZE),)
TEST += --sanitize=$(SANITIZE)
endif
# Targets to build and test alone: ONLY="CCTermTests CCLineSIP" (programs that the tests start are named too).
ONLY ?=
ifneq ($(ONLY),)
TEST := CCTERM_ONLY="$(ONLY)" $(TEST) --scratch-path .build-$(subst $() ,-,$(ONLY))$(addprefix -,$(SANITIZE))
endif

help: ## This list.
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Install what the desk needs, build it, open it on the demo line.
	@scripts/need-swift
	@scripts/packages $(DESK)
	$(RELEASE) --product ccterm
	@$(BIN)/ccterm desk --line demo

test: ## Install the peers, run every test (ONLY=CCCoreTests: the tests of one room, built alone).
	@scripts/need-swift
	@scripts/packages $(DESK) $(LINE) $(TOOLS) $(PEERS) $(if $(CCTERM_PEERS),$(SYSTEMS))
	$(TEST)

check: ## Format, arrows, small rules of the tree, generated documents.
	@scripts/need-swift
	@scripts/packages $(DESK) $(LINE) $(TOOLS) libvterm-dev
	swift format lint --strict --parallel --recursive Sources Tests Benchmarks/Sources Package.swift Benchmarks/Package.swift
	scripts/arrows
	scripts/arrows-test
	scripts/tree
	$(TEST) --filter GeneratedDocuments

bench: ## Measure the release build beside vim, cat and htop (ARGS=--quick; BENCH_LONG=1: five minutes).
	@scripts/need-swift
	@scripts/packages $(DESK) $(LINE) $(BENCH)
	$(RELEASE) --product ccterm
	$(RELEASE) --product ccterm-line-sip
	$(RELEASE) --product ccterm-line-sdk
	@CCTERM_BIN=$(abspath $(BIN)) scripts/bench.sh $(ARGS)

heard: ## What is heard of impaired calls, by PESQ, beside PJSIP (ARGS="--seeds 1 clean").
	@scripts/need-swift
	@scripts/packages $(LINE) $(VOICES)
	$(RELEASE) --product ccterm-line-sip
	test -x $(HEARD)/bin/python || python3 -m venv $(HEARD)
	$(HEARD)/bin/pip install -q -r Benchmarks/Heard/requirements.txt
	$(HEARD)/bin/python Benchmarks/Heard/heard.py --line $(BIN)/ccterm-line-sip $(ARGS)

call: ## A real SIP call between two parts on this machine, to look at.
	@scripts/need-swift
	@scripts/packages $(DESK) $(LINE) kamailio sip-tester procps
	$(RELEASE) --product ccterm
	$(RELEASE) --product ccterm-line-sip
	@examples/call/call.sh $(abspath $(BIN))

install: ## Install ccterm, its lines and its cloud program under PREFIX (/usr/local).
	@scripts/need-swift
	@scripts/packages $(DESK) $(LINE) $(CLOUD)
	for program in $(PROGRAMS); do \
	  $(RELEASE) --product $$program; \
	  install -D -s -m 755 $(BIN)/$$program $(DESTDIR)$(PREFIX)/bin/$$program; \
	done

format: ## Format every Swift file.
	swift format --in-place --parallel --recursive Sources Tests Benchmarks/Sources Package.swift Benchmarks/Package.swift

docs: ## Write the documents that are made from tables in the code.
	CCTERM_UPDATE_GOLDENS=1 $(TEST) --filter GeneratedDocuments

goldens: ## Write the golden screens anew; look at the difference before committing it.
	CCTERM_UPDATE_GOLDENS=1 $(TEST)
