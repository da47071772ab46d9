# Models that other tests do not have: one-indicator factors that share their indicator, saturated robust fits, panels,
# third-order factors, Wishart groups, weak data; and factor scores with covariates, outcomes and holes.
source("lavaan_export.R")
suppressMessages({library(semTools); library(psych)})
short <- function(d, digits) { names(d) <- gsub(".", "_", names(d), fixed = TRUE); for (v in names(d)) if (is.numeric(d[[v]])) d[[v]] <- round(d[[v]], digits); d }
el <- short(exLong[, -1], 3); pa <- short(simParcel, 3); ju <- short(USJudgeRatings, 2); ir <- short(iris, 2); ir$Species <- as.character(ir$Species); ta <- short(Tal_Or, 3)
for (n in c("el", "pa", "ju", "ir", "ta")) save_data(n, get(n))
read <- function(name) read.csv(file.path("data", paste0(name, ".csv")))
H <- read("hs1939"); H$school <- as.character(H$school); HH <- read("hs1939_holes"); HH$school <- as.character(HH$school); b5 <- read("b5")
cfa3 <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
items <- function(p, a, b) paste0(p, "item", a:b, collapse = " + ")
parts <- paste0("f1a =~ ", items("f1", 1, 3), "\nf1b =~ ", items("f1", 4, 6), "\nf1c =~ ", items("f1", 7, 9), "\nf2a =~ ", items("f2", 1, 3), "\nf2b =~ ", items("f2", 4, 6), "\nf2c =~ ", items("f2", 7, 9))
second <- paste0(parts, "\ng1 =~ f1a + f1b + f1c\ng2 =~ f2a + f2b + f2c")
line <- "i =~ 1*y1t1 + 1*y1t2 + 1*y1t3\ns =~ 0*y1t1 + 1*y1t2 + 2*y1t3"
waves <- "f1 =~ y1t1 + a*y2t1 + b*y3t1\nf2 =~ y1t2 + a*y2t2 + b*y3t2\nf3 =~ y1t3 + a*y2t3 + b*y3t3\ny1t1 ~~ y1t2 + y1t3\ny1t2 ~~ y1t3\ny1t1 ~ m1*1\ny1t2 ~ m1*1\ny1t3 ~ m1*1\ny2t1 ~ m2*1\ny2t2 ~ m2*1\ny2t3 ~ m2*1"
panel <- "ri =~ 1*y1t1 + 1*y1t2 + 1*y1t3\nrj =~ 1*y2t1 + 1*y2t2 + 1*y2t3\nw1 =~ 1*y1t1\nw2 =~ 1*y1t2\nw3 =~ 1*y1t3\nv1 =~ 1*y2t1\nv2 =~ 1*y2t2\nv3 =~ 1*y2t3\nw2 + v2 ~ w1 + v1\nw3 + v3 ~ w2 + v2\nw1 ~~ v1\nw2 ~~ v2\nw3 ~~ v3\nri ~~ rj\nri ~~ 0*w1 + 0*v1\nrj ~~ 0*w1 + 0*v1\ny1t1 ~~ 0*y1t1\ny1t2 ~~ 0*y1t2\ny1t3 ~~ 0*y1t3\ny2t1 ~~ 0*y2t1\ny2t2 ~~ 0*y2t2\ny2t3 ~~ 0*y2t3"
two <- "A =~ A1 + A2 + A3 + A4 + A5\nE =~ E1 + E2 + E3 + E4 + E5"
wheaton <- list(sample.cov = getCov("11.834 6.947 9.364 6.819 5.091 12.532 4.783 5.028 7.495 9.986 -3.839 -3.889 -3.841 -3.625 9.610 -21.899 -18.831 -21.748 -18.775 35.522 450.288", names = c("an67", "po67", "an71", "po71", "educ", "sei")), sample.nobs = 932)
alienation <- "ses =~ educ + sei\nal67 =~ an67 + po67\nal71 =~ an71 + po71\nal67 ~ b1*ses\nal71 ~ b2*al67 + b3*ses\nan67 ~~ an71\npo67 ~~ po71\nthrough := b1*b2\ntotal := b1*b2 + b3"
first <- function(x) lapply(if (is.list(x)) x else list(x), function(m) unname(as.matrix(head(m, 40))))
scores <- function(f) list(latent = I(lavNames(f, "lv")), regression = first(lavPredict(f)), bartlett = first(lavPredict(f, method = "Bartlett")))
case <- function(...) one(..., extra = scores)
cases <- list(
  one("phantom", "hs1939", paste0(cfa3, "\nph =~ 0*x1\nph ~~ 1*ph\nph ~~ 0*visual + 0*textual + 0*speed"), H),
  one("saturated_mlmv", "hs1939", "f =~ x1 + x2 + x3", H, list(estimator = "MLMV")), one("saturated_fiml", "hs1939_holes", "f =~ x1 + x2 + x3", HH, list(missing = "fiml", estimator = "MLR")),
  one("wishart_groups", "b5", two, b5, list(group = "gender", group.equal = c("loadings", "intercepts"), likelihood = "wishart")),
  one("groups_without_means", "b5", two, b5, list(group = "gender", group.equal = "loadings", meanstructure = FALSE, estimator = "MLM")),
  one("second_order", "pa", second, pa),
  one("specific_factors", "pa", paste0("g =~ ", items("f1", 1, 9), "\ns1 =~ ", items("f1", 1, 4), "\ns2 =~ ", items("f1", 6, 9)), pa, list(orthogonal = TRUE)),
  one("third_order", "pa", paste0(second, "\ntop =~ 1*g1 + 1*g2\ng1 ~~ v*g1\ng2 ~~ v*g2"), pa),
  one("panel", "el", panel, el), one("waves", "el", paste0(waves, "\nf2 ~ 1\nf3 ~ 1"), el, list(estimator = "MLR")), one("waves_in_a_line", "el", paste0(waves, "\ni =~ 1*f1 + 1*f2 + 1*f3\ns =~ 0*f1 + 1*f2 + 2*f3\ni ~ 0*1\ns ~ 1"), el),
  one("growth_of_two", "el", paste0(line, "\nj =~ 1*y2t1 + 1*y2t2 + 1*y2t3\nr =~ 0*y2t1 + 1*y2t2 + 2*y2t3\nr ~ i\ns ~ j\ny1t1 ~~ y2t1"), el, list(), fun = "growth"),
  one("judges", "ju", "a =~ INTG + DMNR\nb =~ ORAL + WRIT\nb ~ a + CONT", ju, list(std.lv = TRUE, meanstructure = TRUE)), one("species_paths", "ir", "Petal_Length ~ c(a1,a2,a3)*Sepal_Length\nPetal_Width ~ c(b1,b2,b3)*Petal_Length\ni1 := a1*b1\ni2 := a2*b2\nd := i1 - i2\na1 == a3", ir, list(group = "Species", estimator = "MLM")),
  one("media", "ta", "import ~ a*cond\nreaction ~ b*import + c*cond + pmi\npmi ~ k*cond\nab := a*b\ntotal := c + a*b", ta, list(estimator = "MLR")), one("alienation", "wheaton", alienation, NULL, list(), statistics = wheaton), one("alienation_gls", "wheaton", alienation, NULL, list(estimator = "GLS"), statistics = wheaton),
  case("scores_covariates", "hs1939", paste0(cfa3, "\nvisual + speed ~ ageyr + sex\nx5 ~ sex"), H), case("scores_outcomes", "hs1939", "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nx9 ~ visual + textual + sex\nx8 ~ sex + x9", H, list(meanstructure = TRUE)),
  case("scores_holes", "hs1939_holes", cfa3, HH, list(missing = "fiml")), case("scores_groups", "b5", two, b5, list(group = "gender", group.equal = c("loadings", "intercepts"))))
write_oracle(cases, "sem_exam.json", provenance = "lavaan HolzingerSwineford1939; semTools exLong, simParcel; psych bfi, Tal_Or; datasets USJudgeRatings, iris; Wheaton et al. (1977)")
